import { unsigned } from './leb.ts';

/** A part of the module: code as plain numbers, data as it is. */
export type Piece = readonly number[] | Uint8Array;

export const FUNCTION_TYPE = 0x60;

const CUSTOM = 0;
export const SECTIONS = {
  type: 1,
  import: 2,
  function: 3,
  memory: 5,
  global: 6,
  export: 7,
  code: 10,
  data: 11,
} as const;

export const vector = (items: readonly (readonly number[])[]): number[] => [
  ...unsigned(items.length),
  ...items.flat(),
];

export const text = (value: string): number[] => {
  const bytes = new TextEncoder().encode(value);
  return [...unsigned(bytes.length), ...bytes];
};

const lengthOf = (pieces: readonly Piece[]): number => pieces.reduce((sum, { length }) => sum + length, 0);

export const section = (id: number, pieces: readonly Piece[]): Piece[] => [
  [id, ...unsigned(lengthOf(pieces))],
  ...pieces,
];

export const custom = (name: string, bytes: Uint8Array): Piece[] => section(CUSTOM, [text(name), bytes]);

export const concat = (pieces: readonly Piece[]): Uint8Array => {
  const whole = new Uint8Array(lengthOf(pieces));
  let offset = 0;
  for (const piece of pieces) {
    whole.set(piece, offset);
    offset += piece.length;
  }
  return whole;
};
