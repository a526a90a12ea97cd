import { toHex } from '@hamster/crypto';
import type { Backend } from '../../backend.ts';
import type { Justification } from '../../consensus/consensus.ts';
import type { Hash } from '../../header.ts';
import { headerJson } from '../blocks.ts';
import { blockNumberTooHigh, invalidParams } from '../protocol/errors.ts';
import { alias, method } from '../protocol/method.ts';
import { hash, optional, type Param, preview } from '../protocol/params.ts';

const AT = optional(hash('hash'));
const MAX_NUMBERS = 1024;
const MAX_NUMBER = 0xffff_ffff;

/** Nothing, a number, a number in hex, or a list of such; called a hash, as Substrate does. */
const blockNumbers: Param<number | readonly number[] | undefined> = {
  name: 'hash',
  parse(value) {
    if (value === undefined || value === null) return undefined;
    if (!Array.isArray(value)) return blockNumber(value);
    if (value.length > MAX_NUMBERS)
      throw invalidParams(`Up to ${MAX_NUMBERS} block numbers can be asked for`);
    return value.map(blockNumber);
  },
};

export const chain_getBlockHash = method([blockNumbers], ({ backend }, numbers) => {
  if (numbers === undefined) return backend.best().hash;
  return typeof numbers === 'number'
    ? hashOrNull(backend, numbers)
    : numbers.map((number) => hashOrNull(backend, number));
});

/** Old names that Substrate still serves. */
export const chain_getHead = alias(chain_getBlockHash);

export const chain_getFinalizedHead = method([], ({ backend }) => backend.finalized().hash);

export const chain_getFinalisedHead = alias(chain_getFinalizedHead);

export const chain_getHeader = method([AT], ({ backend }, at) => {
  const header = backend.header(at ?? backend.best().hash);
  return header ? headerJson(header) : null;
});

export const chain_getBlock = method([AT], ({ backend }, at) => {
  const block = at ?? backend.best().hash;
  const header = backend.header(block);
  const body = backend.body(block);
  if (!header || !body) return null;
  const extrinsics = body.map((extrinsic) => toHex(extrinsic));
  return {
    block: { header: headerJson(header), extrinsics },
    justifications: justifications(backend.justification(block)),
  };
});

/** As Substrate's serde writes `Justifications`: pairs of the engine's four bytes and the proof, both as numbers. */
const justifications = (one: Justification | undefined): object | null =>
  one ? [[[...Buffer.from(one.engine, 'latin1')], [...one.proof]]] : null;

const hashOrNull = (backend: Backend, number: number): Hash | null => backend.hashAt(number) ?? null;

/** A text is hex, as with Substrate, also without its 0x. */
function blockNumber(value: unknown): number {
  const hex = typeof value === 'string' ? HEX_NUMBER.exec(value)?.[1] : undefined;
  const number = hex === undefined ? value : Number(`0x${hex}`);
  if (typeof number !== 'number' || !Number.isInteger(number) || number < 0 || isNoU64(value)) {
    throw invalidParams(`Expected a block number (a u32, or such a number in hex), got ${preview(value)}`);
  }
  if (number > MAX_NUMBER) {
    throw blockNumberTooHigh(hex === undefined ? `Number(${number})` : `Hex(${BigInt(`0x${hex}`)})`);
  }
  return number;
}

const HEX_NUMBER = /^(?:0x)?([0-9a-fA-F]{1,64})$/;

const isNoU64 = (value: unknown): boolean => typeof value === 'number' && value >= 2 ** 64;
