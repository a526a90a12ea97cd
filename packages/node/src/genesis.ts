import { fromHex } from '@hamster/crypto';
import { orderedRoot, orderedRootInSlices } from '@hamster/state';
import type { Runtime } from '@hamster/frame';
import type { ChainSpec } from './chain-spec.ts';
import { hashText } from './hash.ts';
import { encodeHeader, headerHash } from './header-codec.ts';
import type { Header } from './header.ts';
import type { Block } from './storage/block-store.ts';

/** Substrate keeps version 0 for the trie of extrinsics, whatever the version of the state is. */
const EXTRINSICS_VERSION = 0;

export const extrinsicsRoot = (body: readonly Uint8Array[]): Uint8Array =>
  orderedRoot(body, EXTRINSICS_VERSION);

/** The same with rests in between. */
export const extrinsicsRootInSlices = (
  body: readonly Uint8Array[],
  pause: () => Promise<void>,
): Promise<Uint8Array> => orderedRootInSlices(body, EXTRINSICS_VERSION, pause);

export type GenesisEntry = readonly [key: Uint8Array, value: Uint8Array];

/**
 * The first state of a chain, in the order of its keys; a key that a raw spec has twice, once in capitals, has the later value.
 * Throws what the runtime throws over its configuration.
 */
export function genesisState({ genesis, rawGenesis }: ChainSpec, runtime: Runtime): readonly GenesisEntry[] {
  const given: GenesisEntry[] = rawGenesis ? rawEntries(rawGenesis) : [...runtime.genesis(genesis)];
  const sorted = given.sort(([a], [b]) => Buffer.compare(a, b));
  return sorted.filter(([key], at) => {
    const next = sorted[at + 1];
    return !next || Buffer.compare(key, next[0]) !== 0;
  });
}

const rawEntries = (raw: NonNullable<ChainSpec['rawGenesis']>): GenesisEntry[] =>
  Object.entries(raw).map(([key, value]) => [fromHex(key), fromHex(value)] as const);

/** Block 0 of the chain whose first state has that root: no extrinsics. */
export function genesisBlock(stateRoot: Uint8Array): Block {
  const header: Header = {
    parentHash: hashText(new Uint8Array(32)),
    number: 0,
    stateRoot: hashText(stateRoot),
    extrinsicsRoot: hashText(extrinsicsRoot([])),
    digest: [],
  };
  const encodedHeader = encodeHeader(header);
  return { hash: headerHash(encodedHeader), number: 0, header, encodedHeader, body: [] };
}
