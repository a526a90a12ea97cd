import type { Pallet, Source, Variant } from './metadata.ts';

/** What a call costs of a block with its smallest arguments. */
export interface CallInfo {
  readonly class: string;
  /** Milliseconds of computing on a reference machine. */
  readonly milliseconds: number;
}

const CLASSES = ['Normal', 'Operational', 'Mandatory'];
const PICOSECONDS = 1e9;

const SIZES: Readonly<Record<string, number>> = { bool: 1, str: 1, u8: 1, u16: 2, u32: 4, u64: 8, u128: 16 };

/** The smallest value of a type, encoded: zeros, empty lists, the first arm of each enum. */
function smallest(source: Source, id: number): number[] {
  const def = source.lookup[id]?.def;
  const parts = (ids: readonly number[]): number[] => ids.flatMap((part) => smallest(source, part));
  switch (def?.tag) {
    case 'primitive':
      return zeros(SIZES[def.value.tag] ?? 0);
    case 'compact':
    case 'sequence':
      return [0];
    case 'array':
      return parts(Array.from({ length: def.value.len }, () => def.value.type));
    case 'tuple':
      return parts(def.value);
    case 'composite':
      return parts(def.value.map(({ type }) => type));
    case 'variant': {
      const [first] = def.value;
      return first ? [first.index, ...parts(first.fields.map(({ type }) => type))] : [];
    }
    default:
      throw new TypeError(`No value of type ${id} can be made for the reference`);
  }
}

const zeros = (length: number): number[] => Array.from({ length }, () => 0);

/** Asks the runtime itself, as wallets do. */
export function callInfo(source: Source, pallet: Pallet, call: Variant): CallInfo {
  const args = call.fields.flatMap(({ type }) => smallest(source, type));
  const query = Uint8Array.from([pallet.index, call.index, ...args, ...zeros(4)]);
  const answer = source.runtime.call(source.state, 'TransactionPaymentCallApi_query_call_info', query);
  const [picoseconds, next] = readCompact(answer, 0);
  const [, classAt] = readCompact(answer, next);
  return { class: CLASSES[answer[classAt] ?? 0] ?? '', milliseconds: picoseconds / PICOSECONDS };
}

function readCompact(bytes: Uint8Array, at: number): [value: number, next: number] {
  const first = bytes[at] ?? 0;
  const mode = first & 3;
  if (mode < 3) {
    const size = 1 << mode;
    return [Math.floor(little(bytes.subarray(at, at + size)) / 4), at + size];
  }
  const size = (first >> 2) + 4;
  return [little(bytes.subarray(at + 1, at + 1 + size)), at + 1 + size];
}

const little = (bytes: Uint8Array): number => bytes.reduceRight((sum, byte) => sum * 256 + byte, 0);
