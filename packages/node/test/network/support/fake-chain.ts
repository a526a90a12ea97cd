import { u32, u64, Writer } from '@hamster/scale';
import type { BlockEvent, BlockId, FinalityEvent } from '../../../src/backend.ts';
import type { Justification } from '../../../src/consensus/consensus.ts';
import { NodeError } from '../../../src/errors.ts';
import { extrinsicsRoot } from '../../../src/genesis.ts';
import { extrinsicHash, hashBytes, hashText } from '../../../src/hash.ts';
import { encodeHeader, headerHash } from '../../../src/header-codec.ts';
import type { Hash, Header } from '../../../src/header.ts';
import type { AcceptedTransaction, ChainAccess } from '../../../src/network/index.ts';

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
  /** Headers that peers showed of blocks that are not here. */
  readonly strange: Header[];
}

const ZERO = hashText(new Uint8Array(32));

/** A chain of blocks in memory that executes nothing: for what happens between peers, not inside of a node. */
export function fakeChain(name = 'fake'): FakeChain {
  const blocks: Stored[] = [];
  const byHash = new Map<Hash, Stored>();
  const listeners = new Set<(event: BlockEvent) => void>();
  const finalListeners = new Set<(event: FinalityEvent) => void>();
  const transactionListeners = new Set<(transaction: AcceptedTransaction) => void>();
  const justifications = new Map<Hash, Justification>();
  const finalized = { hash: ZERO, number: 0 };
  const pool: Uint8Array[] = [];
  const strange: Header[] = [];
  const pace = { ageMs: 0, roundMs: 0 };
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
    const event = { hash: block.hash, number: block.number, header, isBest: true };
    for (const listener of listeners) listener(event);
    return event;
  }

  function finalize({ hash, number }: BlockId, justification: Justification): void {
    justifications.set(hash, justification);
    Object.assign(finalized, { hash, number });
    for (const listener of finalListeners) listener({ hash, number, justification });
  }

  function make(number: number, parentHash: Hash): void {
    const body = number === 0 ? [] : [Uint8Array.of(16, ...u32.encode(number))];
    const root = hashText(extrinsicsRoot(body));
    const block = store(
      { parentHash, number, stateRoot: ZERO, extrinsicsRoot: root, digest: [nameDigest(name)] },
      body,
    );
    finalize(block, proofOf(block));
  }
  make(0, ZERO);

  return {
    pool,
    strange,
    genesisHash: best().hash,
    grow(count) {
      for (let made = 0; made < count; made++) make(best().number + 1, best().hash);
    },
    best: () => ({ hash: best().hash, number: best().number }),
    finalized: () => ({ ...finalized }),
    hashAt: (number) => blocks[number]?.hash,
    header: (hash) => byHash.get(hash)?.header,
    encodedHeader: (hash) => byHash.get(hash)?.encodedHeader,
    body: (hash) => byHash.get(hash)?.body,
    justification: (hash) => justifications.get(hash),
    pace: () => pace,
    seen: (header) => void strange.push(header),
    validatorSet: () => 0n,
    setEnds: () => [],
    proof: () => undefined,
    *callProof() {
      yield;
      return undefined;
    },
    pending: () => pool,
    submit(extrinsic) {
      const hash = extrinsicHash(extrinsic);
      pool.push(extrinsic);
      for (const listener of transactionListeners) listener({ extrinsic, hash });
      return Promise.resolve(hash);
    },
    onBlock(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    onFinalized(listener) {
      finalListeners.add(listener);
      return () => finalListeners.delete(listener);
    },
    onTransaction(listener) {
      transactionListeners.add(listener);
      return () => transactionListeners.delete(listener);
    },
    importBlock({ header, body, justification }) {
      if (header.parentHash !== best().hash) throw new NodeError('NODE_BLOCK_REFUSED', 'It is not on top');
      const block = store(header, body);
      if (justification) finalize(block, justification);
      return Promise.resolve(block);
    },
    finalizeBlock(hash, justification) {
      finalize({ hash, number: byHash.get(hash)?.number ?? 0 }, justification);
      return Promise.resolve();
    },
  };
}

/** `DigestItem::Other`: tells apart chains that are alike otherwise. */
const nameDigest = (name: string): Uint8Array => Uint8Array.of(0, name.length * 4, ...Buffer.from(name));

/** A justification without votes: as long as nobody looks at them, its target is what counts. */
function proofOf({ hash, number }: BlockId): Justification {
  const writer = new Writer();
  writer.raw(u64.encode(BigInt(number)));
  writer.raw(hashBytes(hash));
  writer.u32(number);
  writer.raw(Uint8Array.of(0, 0));
  return { engine: 'FRNK', proof: writer.finish() };
}
