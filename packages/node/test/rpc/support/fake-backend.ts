import { blake2b256, toHex } from '@hamster/crypto';
import type { DecodedExtrinsic, Runtime, StateReader } from '@hamster/frame';
import { invalid, UnknownRuntimeApi } from '@hamster/frame';
import { u32 } from '@hamster/scale';
import { StateError } from '@hamster/state';
import type {
  Backend,
  BlockEvent,
  BlockId,
  FinalityEvent,
  ManualSeal,
  Watched,
} from '../../../src/backend.ts';
import type { Justification } from '../../../src/consensus/consensus.ts';
import type { BlockStats } from '../../../src/execution/block-stats.ts';
import type { OffchainStore } from '../../../src/storage/offchain-store.ts';
import type { KeyStore } from '../../../src/key-store.ts';
import type { Hash, Header } from '../../../src/header.ts';
import type { PoolError } from '../../../src/pool/errors.ts';
import { isFinalStatus, type StatusListener, type TransactionStatus } from '../../../src/pool/status.ts';

const ZERO_HASH: Hash = `0x${'00'.repeat(32)}`;
/** u128 */
const HUNDRED = `64${'00'.repeat(15)}`;
const ZERO = '00'.repeat(16);
const SPEC = {
  name: 'Hamster Development',
  id: 'hamster-dev',
  chainType: 'Development',
  properties: { ss58Format: 42, tokenDecimals: 12, tokenSymbol: 'HAM' },
  genesis: {},
} as const;

const JUSTIFICATION: Justification = { engine: 'FRNK', proof: Uint8Array.of(1, 2, 3) };

type Values = ReadonlyMap<string, Uint8Array>;

interface FakeBlock extends BlockId {
  readonly header: Header;
  readonly values: Values;
  readonly written: readonly string[];
  readonly body: readonly Uint8Array[];
}

interface FakeOptions {
  readonly manualSeal?: boolean;
  readonly keyStore?: KeyStore;
}

interface AddOptions {
  readonly parent?: Hash;
  readonly isBest?: boolean;
  readonly finalize?: boolean;
  readonly body?: readonly Uint8Array[];
  /** Written by the block; null deletes. */
  readonly changes?: Readonly<Record<string, string | null>>;
}

/** A chain made by hand: a test adds each block and says what it changes and whether it is best and final. */
export class FakeBackend implements Backend {
  readonly chainSpec = SPEC;
  readonly genesisHash: Hash;
  readonly runtime: Runtime;
  readonly manualSeal?: ManualSeal;
  readonly keyStore?: KeyStore;
  readonly submitted: Uint8Array[] = [];
  readonly pool: Uint8Array[] = [];
  readonly withdrawn: Hash[] = [];
  /** Blocks with which a set of validators ends. */
  readonly ends: BlockId[] = [];
  readonly offchain = fakeOffchain();
  readonly pruned = new Set<Hash>();
  /** Spec versions in force on top of blocks, where it is not the newest one. */
  readonly olderRules = new Map<Hash, number>();
  /** Thrown by submit and watch while it is set. */
  refusal: PoolError | undefined;
  readonly #blocks = new Map<Hash, FakeBlock>();
  readonly #listeners = new Set<(event: BlockEvent) => void>();
  readonly #finalityListeners = new Set<(event: FinalityEvent) => void>();
  readonly #watchers = new Map<string, Set<StatusListener>>();
  readonly #bestChain: Hash[] = [];
  #finalized: FakeBlock;

  constructor(initial: Readonly<Record<string, string>> = {}, options: FakeOptions = {}) {
    const values = new Map(Object.entries(initial).map(([key, value]) => [key, bytes(value)]));
    const genesis = fakeBlock({ parentHash: ZERO_HASH, number: 0, values, written: [], body: [], salt: 0 });
    this.#blocks.set(genesis.hash, genesis);
    this.#bestChain.push(genesis.hash);
    this.#finalized = genesis;
    this.genesisHash = genesis.hash;
    this.runtime = fakeRuntime();
    if (options.keyStore) this.keyStore = options.keyStore;
    if (options.manualSeal) {
      this.manualSeal = { newBlock: () => Promise.resolve(this.add()), timeTravel: () => undefined };
    }
  }

  get listenerCount(): number {
    return this.#listeners.size;
  }

  get watcherCount(): number {
    return [...this.#watchers.values()].reduce((sum, set) => sum + set.size, 0);
  }

  add(options: AddOptions = {}): BlockId {
    const parent = this.#get(options.parent ?? this.best().hash);
    const { isBest = true, finalize = true, changes = {}, body = [] } = options;
    const values = new Map(parent.values);
    for (const [key, value] of Object.entries(changes)) {
      if (value === null) values.delete(key);
      else values.set(key, bytes(value));
    }
    const block = fakeBlock({
      parentHash: parent.hash,
      number: parent.number + 1,
      values,
      written: Object.keys(changes).sort(),
      body,
      salt: this.#blocks.size,
    });
    this.#blocks.set(block.hash, block);
    if (isBest) this.#makeBest(block);
    if (finalize) this.#finalized = block;
    const { hash, number, header } = block;
    for (const listener of this.#listeners) listener({ hash, number, header, isBest });
    if (finalize) this.#tellFinal(block);
    return { hash, number };
  }

  /** Makes a block final that was added before. */
  finalize(hash: Hash): void {
    this.#finalized = this.#get(hash);
    this.#tellFinal(this.#finalized);
  }

  /** Tells everybody who watches `extrinsic`. */
  report(extrinsic: Uint8Array, status: TransactionStatus): void {
    const key = toHex(extrinsic);
    const listeners = [...(this.#watchers.get(key) ?? [])];
    if (isFinalStatus(status)) this.#watchers.delete(key);
    for (const listener of listeners) listener(status);
  }

  best(): BlockId {
    return this.#get(this.#bestChain.at(-1) ?? this.genesisHash);
  }

  finalized(): BlockId {
    return this.#finalized;
  }

  hashAt(number: number): Hash | undefined {
    return this.#bestChain[number];
  }

  header(hash: Hash): Header | undefined {
    return this.#blocks.get(hash)?.header;
  }

  encodedHeader(hash: Hash): Uint8Array | undefined {
    return this.#blocks.has(hash) ? encodeHeader(this.#get(hash).header) : undefined;
  }

  body(hash: Hash): readonly Uint8Array[] | undefined {
    return this.#blocks.get(hash)?.body;
  }

  justification(hash: Hash): Justification | undefined {
    return this.#blocks.get(hash)?.number === this.#finalized.number ? JUSTIFICATION : undefined;
  }

  stateAt(hash: Hash): StateReader | undefined {
    const block = this.#blocks.get(hash);
    const read = (): Values => {
      if (!this.pruned.has(hash)) return block?.values ?? new Map();
      throw new StateError('STATE_UNAVAILABLE', 'The state was pruned while it was read');
    };
    return block && !this.pruned.has(hash) ? reader(read) : undefined;
  }

  rulesAt(hash: Hash): Runtime | undefined {
    return this.stateAt(hash) && fakeRuntime(this.olderRules.get(hash));
  }

  proof(hash: Hash, keys: readonly Uint8Array[]): Uint8Array[] | undefined {
    return this.stateAt(hash) && [...keys];
  }

  closestMerkleValue(_hash: Hash, key: Uint8Array): Uint8Array | undefined {
    return key.length > 0 ? blake2b256(key) : undefined;
  }

  changes(hash: Hash): readonly Uint8Array[] | undefined {
    return this.#blocks.get(hash)?.written.map(bytes);
  }

  callRuntime(hash: Hash, method: string, args: Uint8Array): Uint8Array {
    if (method === 'AccountNonceApi_account_nonce') return u32.encode(3);
    if (method === 'Echo_echo') return Uint8Array.of(...bytes(hash).subarray(0, 1), ...args);
    if (method === 'TransactionPaymentApi_query_info') return bytes(`0x02093d00a10f00${HUNDRED}`);
    if (method === 'TransactionPaymentApi_query_fee_details') {
      return bytes(`0x${args[32] === 0 ? '00' : `01${HUNDRED}${ZERO}${HUNDRED}`}${ZERO}`);
    }
    throw new UnknownRuntimeApi(method, 'the tests serve three');
  }

  *callRuntimeInSteps(hash: Hash, method: string, args: Uint8Array): Generator<void, Uint8Array> {
    yield;
    return this.callRuntime(hash, method, args);
  }

  submit(extrinsic: Uint8Array): Promise<Hash> {
    if (this.refusal) return Promise.reject(this.refusal);
    this.submitted.push(extrinsic);
    return Promise.resolve(toHex(blake2b256(extrinsic)) as Hash);
  }

  async watch(extrinsic: Uint8Array, listener: StatusListener): Promise<Watched> {
    const hash = await this.submit(extrinsic);
    const key = toHex(extrinsic);
    const listeners = this.#watchers.get(key) ?? new Set();
    this.#watchers.set(key, listeners.add(listener));
    listener({ type: 'ready' });
    return { hash, unsubscribe: () => listeners.delete(listener) };
  }

  blockStats(hash: Hash): Promise<BlockStats | undefined> {
    if (this.refusal) return Promise.reject(this.refusal);
    const block = this.#blocks.get(hash);
    const sizes = { witnessLen: 3, witnessCompactLen: 2, blockLen: 1 };
    return Promise.resolve(block && { ...sizes, numExtrinsics: block.body.length });
  }

  setEnds(above: number): BlockId[] {
    return this.ends.filter(({ number }) => number > above);
  }

  withdraw(hash: Hash): boolean {
    this.withdrawn.push(hash);
    const at = this.pool.findIndex((extrinsic) => toHex(blake2b256(extrinsic)) === hash);
    if (at >= 0) this.pool.splice(at, 1);
    return at >= 0;
  }

  pending(): readonly Uint8Array[] {
    return this.pool;
  }

  ready(): readonly Uint8Array[] {
    return this.pool;
  }

  pendingNonces(accountId: Uint8Array): ReadonlySet<number> {
    const own = this.pool.filter((extrinsic) => toHex(extrinsic.subarray(0, 32)) === toHex(accountId));
    return new Set(own.map((extrinsic) => extrinsic[32] ?? 0));
  }

  poolCounts(): { ready: number; future: number } {
    return { ready: this.pool.length, future: 0 };
  }

  onBlock(listener: (event: BlockEvent) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  onFinalized(listener: (event: FinalityEvent) => void): () => void {
    this.#finalityListeners.add(listener);
    return () => this.#finalityListeners.delete(listener);
  }

  syncState(): { startingBlock: number; currentBlock: number; highestBlock: number } {
    const { number } = this.best();
    return { startingBlock: 0, currentBlock: number, highestBlock: number };
  }

  #tellFinal({ hash, number }: BlockId): void {
    for (const listener of this.#finalityListeners) listener({ hash, number, justification: JUSTIFICATION });
  }

  #get(hash: Hash): FakeBlock {
    const block = this.#blocks.get(hash);
    if (!block) throw new RangeError(`The test asked for block ${hash}, which it never added`);
    return block;
  }

  #makeBest(block: FakeBlock): void {
    this.#bestChain.length = block.number;
    let current = block;
    for (let number = block.number; number > 0; number -= 1) {
      this.#bestChain[number] = current.hash;
      current = this.#get(current.header.parentHash);
    }
  }
}

interface FakeBlockInit {
  readonly parentHash: Hash;
  readonly number: number;
  readonly values: Values;
  readonly written: readonly string[];
  readonly body: readonly Uint8Array[];
  /** Tells blocks with the same parent apart. */
  readonly salt: number;
}

function fakeBlock({ parentHash, number, values, written, body, salt }: FakeBlockInit): FakeBlock {
  const stateRoot = digest(String(salt));
  const header: Header = {
    parentHash,
    number,
    stateRoot,
    extrinsicsRoot: ZERO_HASH,
    digest: [bytes('0x0102')],
  };
  const hash = toHex(blake2b256(encodeHeader(header))) as Hash;
  return { hash, number, header, values, written, body };
}

const digest = (text: string): Hash => toHex(blake2b256(Buffer.from(text))) as Hash;

/** Enough for a hash that tells blocks apart; the real encoding is not the RPC server's. */
const encodeHeader = ({ parentHash, number, stateRoot }: Header): Uint8Array =>
  Uint8Array.of(...bytes(parentHash), ...u32.encode(number), ...bytes(stateRoot));

function reader(read: () => Values): StateReader {
  const sorted = [...read().keys()].sort();
  return {
    get: (key) => read().get(toHex(key)),
    nextKey(after) {
      const next = sorted.find((key) => key > toHex(after));
      return next === undefined ? undefined : bytes(next);
    },
    *keys(prefix, startAfter) {
      const [wanted, from] = [toHex(prefix), startAfter ? toHex(startAfter) : ''];
      for (const key of sorted) if (key.startsWith(wanted) && key > from) yield bytes(key);
    },
  };
}

function fakeRuntime(specVersion = 1): Runtime {
  const unused = (): never => {
    throw new RangeError('The RPC server has no business with this part of the runtime');
  };
  const runtime: Runtime = {
    inForce: () => runtime,
    version: {
      specName: 'hamster',
      implName: 'hamster-ts',
      authoringVersion: 1,
      specVersion,
      implVersion: 1,
      transactionVersion: 1,
      stateVersion: 1,
      apis: [
        ['0xdf6acb689907609b', 5],
        ['0x37e397fc7c91f5e4', 2],
      ],
    },
    metadata: () => Uint8Array.of(...Buffer.from('meta'), 14, specVersion),
    decodeExtrinsic: fakeExtrinsic,
    genesis: unused,
    check: unused,
    enterNextBlock: unused,
    validate: unused,
    initializeBlock: unused,
    inherents: unused,
    applyExtrinsic: unused,
    applyInSteps: unused,
    finalizeBlock: unused,
    call: unused,
    callInSteps: unused,
  };
  return runtime;
}

function fakeOffchain(): OffchainStore {
  const entries = new Map<string, Uint8Array>();
  return {
    get: (key) => entries.get(toHex(key)),
    async set(key, value) {
      await Promise.resolve();
      entries.set(toHex(key), value);
    },
    async clear(key) {
      await Promise.resolve();
      entries.delete(toHex(key));
    },
  };
}

/** In these tests an extrinsic is its signer's 32 bytes and its nonce in one byte. */
function fakeExtrinsic(extrinsic: Uint8Array): DecodedExtrinsic {
  if (extrinsic.length !== 33) throw invalid('Call', 'not an extrinsic of these tests');
  const [signer, nonce] = [extrinsic.subarray(0, 32), extrinsic[32]];
  return { bytes: extrinsic, signer, nonce, payload: undefined };
}

export const bytes = (hex: string): Uint8Array => Uint8Array.from(Buffer.from(hex.replace(/^0x/, ''), 'hex'));
