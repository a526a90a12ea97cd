/** Keys as text, one character a byte: JavaScript then compares them as bytes. */
export type KeyText = string;

export const toKeyText = (key: Uint8Array): KeyText =>
  Buffer.from(key.buffer, key.byteOffset, key.length).toString('latin1');

export const fromKeyText = (text: KeyText): Uint8Array => new Uint8Array(Buffer.from(text, 'latin1'));

/** Position of the first key that is not below `key`. */
export const lowerBound = (keys: readonly KeyText[], key: KeyText): number => {
  let low = 0;
  let high = keys.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((keys[middle] ?? '') < key) low = middle + 1;
    else high = middle;
  }
  return low;
};
