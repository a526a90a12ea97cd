import { verifySignature } from '@hamster/crypto';
import type { StateReader } from '@hamster/frame';
import { bytes, u64, vec } from '@hamster/scale';
import { hashBytes } from '../../src/hash.ts';
import { decodeHeader, encodeHeader, engineDigest, headerHash, DIGEST } from '../../src/header-codec.ts';
import {
  NodeError,
  type BlockId,
  type Consensus,
  type ConsensusHost,
  type ConsensusParts,
  type Header,
  type Justification,
  type Parent,
  type Proposal,
  type Signer,
  type ValidatorSet,
} from '../../src/index.ts';

const ENGINE = 'altn';
const HEADERS = vec(bytes, { max: 16 });

/** So many blocks on top make a block final. */
export const LAG = 2;

const refused = (why: string): NodeError => new NodeError('NODE_BLOCK_REFUSED', why);

/**
 * Another consensus than the node's own, with nothing of Aura or GRANDPA in it: two validators make a block each in turn, by its
 * number, and a block is final when LAG others stand on it, whose headers are the proof.
 */
export class Alternating implements Consensus {
  /** Pairs of blocks of one height that one author sealed. */
  readonly evidence: (readonly [Header, Header])[] = [];
  host: ConsensusHost | undefined;
  readonly #turns: readonly Signer[];
  readonly #keys: readonly Signer[];
  readonly #headers = new Map<string, Header>();

  constructor({ keys }: ConsensusParts, turns: readonly Signer[]) {
    this.#keys = keys.authors;
    this.#turns = turns;
  }

  validators(_state: StateReader): ValidatorSet {
    const authors = this.#turns.map(({ publicKey }) => publicKey);
    return { id: 0n, authors, voters: authors.map((key) => ({ key, weight: 1n })) };
  }

  interval(): number {
    return 1000;
  }

  timing(header: Header): { time: bigint; round: bigint } {
    const [time] = header.digest;
    return { time: u64.decode(time?.subarray(-8) ?? new Uint8Array(8)), round: 2000n };
  }

  propose(parent: Parent, now: bigint): Proposal | undefined {
    const author = this.#turnOf(parent.number + 1);
    if (!this.#keys.some(({ publicKey }) => Buffer.compare(publicKey, author.publicKey) === 0))
      return undefined;
    return this.turn(now, author);
  }

  /** That turn, whoever's it is. */
  turn(timestamp: bigint, author: Signer): Proposal {
    return {
      timestamp,
      digest: [engineDigest(DIGEST.preRuntime, ENGINE, u64.encode(timestamp))],
      seal: (header) => ({
        ...header,
        digest: [...header.digest, engineDigest(DIGEST.seal, ENGINE, author.sign(messageOf(header)))],
      }),
    };
  }

  verify(header: Header, parent: Parent): void {
    if (header.number !== parent.number + 1 || header.parentHash !== parent.hash) throw refused('misplaced');
    if (!this.#isSealed(header)) throw refused('not sealed by the one whose turn it is');
  }

  isOurs(header: Header): boolean {
    const author = this.#turnOf(header.number);
    return (
      this.#keys.some(({ publicKey }) => Buffer.compare(publicKey, author.publicKey) === 0) &&
      this.#isSealed(header)
    );
  }

  endsSet(): boolean {
    return false;
  }

  /** Never the votes of this node alone. */
  decide(): undefined {
    return undefined;
  }

  equivocated(first: Header, second: Header): void {
    this.evidence.push([first, second]);
  }

  verifyFinality({ hash }: BlockId, _parent: Parent, { engine, proof }: Justification): void {
    if (engine !== ENGINE) throw refused('the proof of another engine');
    let parent: string = hash;
    const headers = HEADERS.decode(proof);
    for (const encoded of headers) {
      const header = decodeHeader(encoded);
      if (header.parentHash !== parent || !this.#isSealed(header)) throw refused('no chain');
      parent = headerHash(encoded);
    }
    if (headers.length < LAG) throw refused('too few blocks on top');
  }

  start(host: ConsensusHost): () => void {
    this.host = host;
    return host.onImported(({ header }) => {
      this.#headers.set(headerHash(encodeHeader(header)), header);
      const proof: Uint8Array[] = [];
      let below: Header | undefined = header;
      for (let depth = 0; depth < LAG && below; depth++) {
        proof.unshift(encodeHeader(below));
        const target: Header['parentHash'] = below.parentHash;
        below = this.#headers.get(target);
      }
      const [oldest] = proof;
      if (proof.length < LAG || !oldest || header.number - LAG <= host.finalized().number) return;
      const justification = { engine: ENGINE, proof: HEADERS.encode(proof) };
      host.finalize(decodeHeader(oldest).parentHash, justification).catch((error: unknown) => {
        if (!(error instanceof NodeError) || error.code !== 'NODE_CLOSED') throw error;
      });
    });
  }

  #turnOf(number: number): Signer {
    const author = this.#turns[number % this.#turns.length];
    if (!author) throw new RangeError('No validators');
    return author;
  }

  #isSealed(header: Header): boolean {
    const seal = header.digest.at(-1) ?? new Uint8Array();
    const unsealed = { ...header, digest: header.digest.slice(0, -1) };
    const { publicKey: accountId } = this.#turnOf(header.number);
    const signature = seal.subarray(-64);
    return (
      signature.length === 64 &&
      verifySignature({ scheme: 'sr25519', accountId, message: messageOf(unsealed), signature })
    );
  }
}

const messageOf = (unsealed: Header): Uint8Array => hashBytes(headerHash(encodeHeader(unsealed)));
