import { fromHex } from '@hamster/crypto';
import { orderedRoot, orderedRootInSlices, EMPTY_ROOT, type Change, type StateDb } from '@hamster/state';
import type { Runtime } from '@hamster/frame';
import type { ChainSpec } from './chain-spec.ts';
import { hashText } from './hash.ts';
import { encodeHeader, headerHash } from './header-codec.ts';
import type { Header } from './header.ts';
import type { ExecutedBlock } from './storage/chain.ts';

/** Substrate keeps version 0 for the trie of extrinsics, whatever the version of the state is. */
const EXTRINSICS_VERSION = 0;

export const extrinsicsRoot = (body: readonly Uint8Array[]): Uint8Array =>
  orderedRoot(body, EXTRINSICS_VERSION);

/** The same with rests in between. */
export const extrinsicsRootInSlices = (
  body: readonly Uint8Array[],
  pause: () => Promise<void>,
): Promise<Uint8Array> => orderedRootInSlices(body, EXTRINSICS_VERSION, pause);

/** The first state of a chain, in no order. Throws what the runtime throws over its configuration. */
export function* genesisState(
  { genesis, rawGenesis }: ChainSpec,
  runtime: Runtime,
): Generator<readonly [key: Uint8Array, value: Uint8Array]> {
  if (!rawGenesis) return yield* runtime.genesis(genesis);
  for (const [key, value] of Object.entries(rawGenesis)) yield [fromHex(key), fromHex(value)];
}

/** Block 0 of a chain spec: no extrinsics, and the state that the runtime makes of the configuration. */
export function genesisBlock(spec: ChainSpec, runtime: Runtime, state: StateDb): ExecutedBlock {
  const changes: Change[] = [...genesisState(spec, runtime)];
  const update = state.prepare(EMPTY_ROOT, changes);
  const header: Header = {
    parentHash: hashText(new Uint8Array(32)),
    number: 0,
    stateRoot: hashText(update.root),
    extrinsicsRoot: hashText(extrinsicsRoot([])),
    digest: [],
  };
  const encodedHeader = encodeHeader(header);
  const block = { hash: headerHash(encodedHeader), number: 0, header, encodedHeader, body: [] };
  return { block, update };
}
