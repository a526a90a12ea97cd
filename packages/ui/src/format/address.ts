const HEAD = 6;
const TAIL = 4;

/** An address short enough for a button; both ends stay, because people compare those. */
export function shortAddress(address: string): string {
  if (address.length <= HEAD + TAIL + 1) return address;
  return `${address.slice(0, HEAD)}…${address.slice(-TAIL)}`;
}
