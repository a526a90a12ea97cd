import type { DomainMetadata } from '@hamster/libvirt';
import type { MachineOrder, MachineSpec, WantedPower } from '../driver.ts';
import { MachineError } from '../errors.ts';
import type { MachineImage } from '../images/entry.ts';
import { xml } from './xml.ts';
import type { XmlElement } from './xml.ts';

/** What the driver must know again after a crash; it is kept inside the domain's definition and nowhere else. */
export type MachineMetadata = {
  /** What the machine was made from. */
  order: MachineOrder;
  /** What its renter made of it since; the image is that of the disk, whatever the catalogue says today. */
  now: { spec: MachineSpec; sshPublicKeys: readonly string[]; image: MachineImage };
  /**
   * While "building", the disk holds nothing that counts and is made anew; so it is when a machine that was booted ahead
   * did not get to the end of "claiming".
   */
  phase: 'building' | 'claiming' | 'ready';
  wanted: WantedPower;
  /** The host's side of the machine's own network, and the machine's. */
  gateway: string;
  address: string;
};

const PREFIX = 'hamster';
const NAMESPACE = 'https://hamster.invalid/machine/1';
const ELEMENT = /<hamster:machine[^>]*>\s*([A-Za-z0-9_-]+)\s*<\/hamster:machine>/;

/** As one opaque text, since libvirt is free to lay out elements and attributes anew. */
export function metadataElement(metadata: MachineMetadata): XmlElement {
  return xml('metadata', {}, xml(`${PREFIX}:machine`, { [`xmlns:${PREFIX}`]: NAMESPACE }, encode(metadata)));
}

/** The same for libvirt's own call, which adds prefix and namespace. */
export function metadataUpdate(metadata: MachineMetadata): DomainMetadata {
  return { key: PREFIX, uri: NAMESPACE, xml: `<machine>${encode(metadata)}</machine>` };
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

function encode(metadata: MachineMetadata): string {
  return Buffer.from(JSON.stringify(metadata)).toString('base64url');
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
  const texts = ['phase', 'wanted', 'gateway', 'address'];
  const objects = ['order', 'now'];
  return (
    objects.every((name) => typeof fields.get(name) === 'object' && fields.get(name) !== null) &&
    texts.every((name) => typeof fields.get(name) === 'string')
  );
}
