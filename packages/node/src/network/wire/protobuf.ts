import { reader, writer, type Writer } from 'protons-runtime';
import { malformed } from '../errors.ts';

export type FieldValue = number | Uint8Array;

/** What one message holds: the values of each field in the order in which they came, unknown fields too. */
export class Fields {
  readonly #values = new Map<number, FieldValue[]>();

  add(number: number, value: FieldValue): void {
    const known = this.#values.get(number);
    if (known) known.push(value);
    else this.#values.set(number, [value]);
  }

  /** The last value wins, as everywhere in protobuf. Throws PEER_MALFORMED for a field of another kind. */
  bytes(number: number): Uint8Array | undefined {
    const value = this.#values.get(number)?.at(-1);
    if (typeof value === 'number') throw malformed(`field ${number} holds no bytes`);
    return value;
  }

  /** 0 when left out. */
  uint(number: number): number {
    const value = this.#values.get(number)?.at(-1) ?? 0;
    if (typeof value !== 'number') throw malformed(`field ${number} holds no number`);
    return value;
  }

  all(number: number): Uint8Array[] {
    const values = this.#values.get(number) ?? [];
    return values.map((value) => {
      if (typeof value === 'number') throw malformed(`field ${number} holds no bytes`);
      return value;
    });
  }
}

const WIRE = { varint: 0, fixed64: 1, bytes: 2, fixed32: 5 } as const;

/** Reads a message of at most `maxFields` fields. Throws PEER_MALFORMED. */
export function readMessage(message: Uint8Array, maxFields: number): Fields {
  const fields = new Fields();
  const input = reader(message);
  try {
    for (let count = 0; input.pos < input.len; count++) {
      if (count === maxFields) throw malformed(`more than ${maxFields} fields`);
      const tag = input.uint32();
      const wire = tag & 7;
      if (wire === WIRE.varint) fields.add(tag >>> 3, input.uint32());
      else if (wire === WIRE.bytes) fields.add(tag >>> 3, input.bytes());
      else if (wire === WIRE.fixed32 || wire === WIRE.fixed64) input.skipType(wire);
      else throw malformed(`wire type ${wire}`);
    }
  } catch (error) {
    throw error instanceof RangeError ? malformed('it is cut short', error) : error;
  }
  return fields;
}

/** Writes the fields of a message; what is undefined, 0 or false is left out, as proto3 does. */
export class MessageWriter {
  readonly #writer: Writer = writer();

  bytes(number: number, value: Uint8Array | undefined): this {
    if (value) this.#writer.uint32((number << 3) | WIRE.bytes).bytes(value);
    return this;
  }

  repeated(number: number, values: readonly Uint8Array[]): this {
    for (const value of values) this.bytes(number, value);
    return this;
  }

  uint(number: number, value: number): this {
    if (value !== 0) this.#writer.uint32((number << 3) | WIRE.varint).uint32(value);
    return this;
  }

  bool(number: number, value: boolean): this {
    return this.uint(number, value ? 1 : 0);
  }

  finish(): Uint8Array {
    return this.#writer.finish();
  }
}
