import type { MachineOrder } from '../driver.ts';
import { MachineError } from '../errors.ts';
import { xml } from './xml.ts';
import type { XmlElement } from './xml.ts';

/** What the driver must know again after a crash; it is kept inside the domain's definition and nowhere else. */
export type MachineMetadata = {
  order: MachineOrder;
  loginUser: string;
  /** The host's side of the machine's own network, and the machine's. */
  gateway: string;
  address: string;
};

const NAMESPACE = 'https://hamster.invalid/machine/1';
const ELEMENT = /<hamster:machine[^>]*>\s*([A-Za-z0-9_-]+)\s*<\/hamster:machine>/;

/** As one opaque text, since libvirt is free to lay out elements and attributes anew. */
export function metadataElement(metadata: MachineMetadata): XmlElement {
  const text = Buffer.from(JSON.stringify(metadata)).toString('base64url');
  return xml('metadata', {}, xml('hamster:machine', { 'xmlns:hamster': NAMESPACE }, text));
}

/** Throws `StateCorrupt` for a domain that this driver did not define. */
export function parseMetadata(domainXml: string, name: string): MachineMetadata {
  const text = ELEMENT.exec(domainXml)?.[1];
  const value = text === undefined ? undefined : decode(text);
  if (isMetadata(value)) return value;
  throw new MachineError(
    'StateCorrupt',
    `domain ${name} has no readable record of its order; undefine it by hand`,
  );
}

function decode(text: string): unknown {
  try {
    return JSON.parse(Buffer.from(text, 'base64url').toString('utf8')) as unknown;
  } catch {
    return undefined;
  }
}

function isMetadata(value: unknown): value is MachineMetadata {
  if (typeof value !== 'object' || value === null) return false;
  const fields = new Map(Object.entries(value));
  const texts = ['loginUser', 'gateway', 'address'];
  return (
    typeof fields.get('order') === 'object' && texts.every((name) => typeof fields.get(name) === 'string')
  );
}
