import { LibvirtError } from '../errors.ts';
import { XdrReader } from '../xdr/reader.ts';

/** Reads the head of `remote_error`; what follows (objects concerned, extra strings) adds nothing. */
export function decodeError(body: Buffer): LibvirtError {
  const reader = new XdrReader(body);
  const code = reader.i32();
  const domain = reader.i32();
  const message = reader.optional((inner) => inner.string()) ?? `libvirt error ${code} without a message`;
  return new LibvirtError(message, { code, domain, level: reader.i32() });
}
