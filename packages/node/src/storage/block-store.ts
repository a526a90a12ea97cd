import type { Database, RootDatabase } from 'lmdb';
import { bytes, fieldsCodec, fixedBytes } from '@hamster/scale';
import type { BlockId } from '../backend.ts';
import type { Justification } from '../consensus/consensus.ts';
import { hashBytes, hashText } from '../hash.ts';
import { BODY, decodeHeader } from '../header-codec.ts';
import type { Hash, Header } from '../header.ts';

/** A block as it is stored and sent: nothing in it has to be computed again. */
export interface Block extends BlockId {
  readonly header: Header;
  readonly encodedHeader: Uint8Array;
  readonly body: readonly Uint8Array[];
}

const JUSTIFICATION = fieldsCodec({ engine: fixedBytes(4), proof: bytes });

export type Mark = 'genesis' | 'best' | 'finalized';

interface StoredMark {
  readonly hash: Uint8Array;
  readonly number: number;
}

/**
 * Headers, bodies, justifications, and which blocks are best and final. Writes are staged, and nobody sees them: `flush`, inside of a
 * transaction or a batch of the caller, hands them to LMDB; `clear` forgets them.
 */
export class BlockStore {
  readonly #headers: Database<Buffer, Uint8Array>;
  readonly #bodies: Database<Buffer, Uint8Array>;
  readonly #justifications: Database<Buffer, Uint8Array>;
  /** Number → hash, on the best chain. */
  readonly #numbers: Database<Buffer, number>;
  /** Number → hash of the blocks with which a set of validators ends: few, and all that a light client has to see. */
  readonly #setEnds: Database<Buffer, number>;
  readonly #marks: Database<StoredMark, string>;
  readonly #staged: (() => unknown)[] = [];

  constructor(env: RootDatabase) {
    const binary = { encoding: 'binary', keyEncoding: 'binary' } as const;
    this.#headers = env.openDB({ name: 'block-headers', ...binary });
    this.#bodies = env.openDB({ name: 'block-bodies', ...binary });
    this.#justifications = env.openDB({ name: 'block-justifications', ...binary });
    this.#numbers = env.openDB({ name: 'block-numbers', encoding: 'binary', keyEncoding: 'uint32' });
    this.#setEnds = env.openDB({ name: 'block-set-ends', encoding: 'binary', keyEncoding: 'uint32' });
    this.#marks = env.openDB({ name: 'block-marks', encoding: 'msgpack' });
  }

  encodedHeader(hash: Hash): Uint8Array | undefined {
    return copy(this.#headers.get(hashBytes(hash)));
  }

  header(hash: Hash): Header | undefined {
    const encoded = this.encodedHeader(hash);
    return encoded && decodeHeader(encoded);
  }

  body(hash: Hash): readonly Uint8Array[] | undefined {
    const encoded = copy(this.#bodies.get(hashBytes(hash)));
    return encoded && BODY.decode(encoded);
  }

  /** Why the block is final, as its consensus says it; not every final block has one. */
  justification(hash: Hash): Justification | undefined {
    const encoded = copy(this.#justifications.get(hashBytes(hash)));
    if (!encoded) return undefined;
    const { engine, proof } = JUSTIFICATION.decode(encoded);
    return { engine: Buffer.from(engine).toString('latin1'), proof };
  }

  hashAt(number: number): Hash | undefined {
    if (!Number.isInteger(number) || number < 0 || number > 0xffff_ffff) return undefined;
    const hash = this.#numbers.get(number);
    return hash && hashText(hash);
  }

  /** Blocks above this number with which a set of validators ends, from the lowest on. */
  *setEnds(above: number): Generator<BlockId> {
    for (const { key, value } of this.#setEnds.getRange({ start: above + 1 })) {
      yield { number: key, hash: hashText(value) };
    }
  }

  mark(mark: Mark): BlockId | undefined {
    const stored = this.#marks.get(mark);
    return stored && { hash: hashText(stored.hash), number: stored.number };
  }

  put(block: Block): void {
    const key = hashBytes(block.hash);
    const [header, body] = [Buffer.from(block.encodedHeader), Buffer.from(BODY.encode([...block.body]))];
    this.#staged.push(
      () => this.#headers.put(key, header),
      () => this.#bodies.put(key, body),
      () => this.#numbers.put(block.number, Buffer.from(key)),
    );
  }

  /** Forgets the block on top of the best chain. */
  remove({ hash, number }: BlockId): void {
    const key = hashBytes(hash);
    this.#staged.push(
      () => this.#headers.remove(key),
      () => this.#bodies.remove(key),
      () => this.#justifications.remove(key),
      () => this.#numbers.remove(number),
      () => this.#setEnds.remove(number),
    );
  }

  putSetEnd({ hash, number }: BlockId): void {
    this.#staged.push(() => this.#setEnds.put(number, Buffer.from(hashBytes(hash))));
  }

  putJustification(hash: Hash, { engine, proof }: Justification): void {
    const encoded = JUSTIFICATION.encode({ engine: Buffer.from(engine, 'latin1'), proof });
    this.#staged.push(() => this.#justifications.put(hashBytes(hash), Buffer.from(encoded)));
  }

  setMark(mark: Mark, { hash, number }: BlockId): void {
    this.#staged.push(() => this.#marks.put(mark, { hash: Buffer.from(hashBytes(hash)), number }));
  }

  flush(): void {
    for (const write of this.#staged) write();
    this.clear();
  }

  clear(): void {
    this.#staged.length = 0;
  }
}

const copy = (record: Buffer | undefined): Uint8Array | undefined => record && Uint8Array.from(record);
