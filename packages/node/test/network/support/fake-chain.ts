import { u32 } from '@hamster/scale';
import type { BlockEvent, BlockId } from '../../../src/backend.ts';
import { NodeError } from '../../../src/errors.ts';
import { extrinsicsRoot } from '../../../src/genesis.ts';
import { hashText } from '../../../src/hash.ts';
import { decodeHeader, encodeHeader, headerHash } from '../../../src/header-codec.ts';
import type { Hash, Header } from '../../../src/header.ts';
import type { ChainAccess, IncomingBlock } from '../../../src/network/index.ts';

interface Stored extends BlockId {
  readonly header: Header;
  readonly encodedHeader: Uint8Array;
  readonly body: readonly Uint8Array[];
}

export interface FakeChain extends ChainAccess {
  /** Makes blocks on top of the best one, and tells of them. */
  grow(count: number): void;
  /** What came to the pool. */
  readonly pool: Uint8Array[];
}

const ZERO = hashText(new Uint8Array(32));

/** A chain of blocks in memory that executes nothing: for what happens between peers, not inside of a node. */
export function fakeChain(name = 'fake'): FakeChain {
  const blocks: Stored[] = [];
  const byHash = new Map<Hash, Stored>();
  const listeners = new Set<(event: BlockEvent) => void>();
  const transactionListeners = new Set<(extrinsic: Uint8Array, hash: Hash) => void>();
  const pool: Uint8Array[] = [];
  const best = (): Stored => {
    const last = blocks.at(-1);
    if (!last) throw new RangeError('No genesis');
    return last;
  };

  function store(header: Header, body: readonly Uint8Array[]): BlockEvent {
    const encodedHeader = encodeHeader(header);
    const block = { header, encodedHeader, body, hash: headerHash(encodedHeader), number: header.number };
    blocks.push(block);
    byHash.set(block.hash, block);
    const event = { hash: block.hash, number: block.number, header, isBest: true, finalized: true };
    for (const listener of listeners) listener(event);
    return event;
  }

  function make(number: number, parentHash: Hash): void {
    const body = number === 0 ? [] : [Uint8Array.of(16, ...u32.encode(number))];
    const root = hashText(extrinsicsRoot(body));
    store({ parentHash, number, stateRoot: ZERO, extrinsicsRoot: root, digest: [nameDigest(name)] }, body);
  }
  make(0, ZERO);

  return {
    pool,
    genesisHash: best().hash,
    grow(count) {
      for (let made = 0; made < count; made++) make(best().number + 1, best().hash);
    },
    best: () => ({ hash: best().hash, number: best().number }),
    finalized: () => ({ hash: best().hash, number: best().number }),
    hashAt: (number) => blocks[number]?.hash,
    header: (hash) => byHash.get(hash)?.header,
    encodedHeader: (hash) => byHash.get(hash)?.encodedHeader,
    body: (hash) => byHash.get(hash)?.body,
    justification: () => undefined,
    authoritySet: () => 0n,
    proof: () => undefined,
    callProof: () => undefined,
    pending: () => [],
    submit: (extrinsic) => {
      pool.push(extrinsic);
      return Promise.resolve(ZERO);
    },
    onBlock(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    onTransaction(listener) {
      transactionListeners.add(listener);
      return () => transactionListeners.delete(listener);
    },
    async importBlock({ header, body }: IncomingBlock) {
      const decoded = decodeHeader(header);
      if (decoded.parentHash !== best().hash) throw new NodeError('NODE_BLOCK_REFUSED', 'not on top');
      return Promise.resolve(store(decoded, body));
    },
  };
}

/** `DigestItem::Other`: tells apart chains that are alike otherwise. */
const nameDigest = (name: string): Uint8Array => Uint8Array.of(0, name.length * 4, ...Buffer.from(name));
