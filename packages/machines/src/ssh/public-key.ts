const TYPES = new Set([
  'ssh-ed25519',
  'ssh-rsa',
  'ecdsa-sha2-nistp256',
  'ecdsa-sha2-nistp384',
  'ecdsa-sha2-nistp521',
  'sk-ssh-ed25519@openssh.com',
  'sk-ecdsa-sha2-nistp256@openssh.com',
]);
const MAX_LENGTH = 4096;
// Printable characters only: a control character could add lines of its own to the files that keys end up in.
const LINE = /^([a-z0-9@.-]+) ([A-Za-z0-9+/]+={0,2})( [\x20-\x7e\u00a0-\uffff]*)?$/;

/** True for one line "type base64 [comment]" whose blob really starts with that type; options are refused. */
export function isSshPublicKey(line: string): boolean {
  if (line.length > MAX_LENGTH) return false;
  const match = LINE.exec(line);
  const type = match?.[1];
  const blob = match?.[2];
  return type !== undefined && blob !== undefined && TYPES.has(type) && blobType(blob) === type;
}

/** "type base64" of a blob that a server presented. */
export function formatPublicKey(blob: Buffer): string {
  return `${readType(blob) ?? 'unknown'} ${blob.toString('base64')}`;
}

function blobType(base64: string): string | undefined {
  return readType(Buffer.from(base64, 'base64'));
}

function readType(blob: Buffer): string | undefined {
  if (blob.length < 4) return undefined;
  const length = blob.readUInt32BE(0);
  return length > 64 || blob.length <= 4 + length ? undefined : blob.toString('latin1', 4, 4 + length);
}
