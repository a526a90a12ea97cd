export const bytesEqual = (a: Uint8Array, b: Uint8Array): boolean =>
  a.length === b.length && startsWith(a, b);

export const concatBytes = (...parts: readonly Uint8Array[]): Uint8Array => {
  let length = 0;
  for (const part of parts) length += part.length;
  const joined = new Uint8Array(length);
  let offset = 0;
  for (const part of parts) {
    joined.set(part, offset);
    offset += part.length;
  }
  return joined;
};

export const startsWith = (bytes: Uint8Array, prefix: Uint8Array): boolean => {
  if (bytes === prefix) return true;
  if (bytes.length < prefix.length) return false;
  for (let index = 0; index < prefix.length; index++) if (bytes[index] !== prefix[index]) return false;
  return true;
};
