import type { XdrReader } from '../xdr/reader.ts';
import type { XdrWriter } from '../xdr/writer.ts';

const UUID_LENGTH = 16;
const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;

/** How libvirt names a domain in calls; `id` is -1 while it does not run. */
export type DomainRef = { name: string; uuid: string; id: number };

/** How libvirt names a network or a filter in calls. */
export type NamedRef = { name: string; uuid: string };

/** How libvirt names the use of a filter on one interface of the host. */
export type BindingRef = { portDevice: string; filter: string };

export function readDomain(reader: XdrReader): DomainRef {
  return { ...readNamed(reader), id: reader.i32() };
}

export function readNamed(reader: XdrReader): NamedRef {
  return { name: reader.string(), uuid: formatUuid(reader.fixed(UUID_LENGTH)) };
}

export function writeDomain(writer: XdrWriter, domain: DomainRef): XdrWriter {
  return writeNamed(writer, domain).i32(domain.id);
}

export function writeNamed(writer: XdrWriter, { name, uuid }: NamedRef): XdrWriter {
  return writer.string(name).fixed(parseUuid(uuid));
}

export function readBinding(reader: XdrReader): BindingRef {
  return { portDevice: reader.string(), filter: reader.string() };
}

export function writeBinding(writer: XdrWriter, { portDevice, filter }: BindingRef): XdrWriter {
  return writer.string(portDevice).string(filter);
}

/** Text to 16 bytes; any text that is no UUID gives the nil UUID, which no object has. */
export function parseUuid(text: string): Buffer {
  const lower = text.toLowerCase();
  return UUID.test(lower) ? Buffer.from(lower.replaceAll('-', ''), 'hex') : Buffer.alloc(UUID_LENGTH);
}

function formatUuid(bytes: Buffer): string {
  return bytes.toString('hex').replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
}
