import { type DecodedExtrinsic, InvalidTransaction, type StateAccess, storagePrefix } from '@hamster/frame';
import { createRuntime, type HamsterRuntime } from '@hamster/runtime';
import { u32 } from '@hamster/scale';
import type { Vec } from '@polkadot/types';
import type { EventRecord } from '@polkadot/types/interfaces';
import type { Account } from '../chain/accounts.ts';
import { ExtrinsicMaker } from '../chain/extrinsic-maker.ts';
import { BenchError } from '../errors.ts';

/** Longer ones between two blocks count as a standstill of the chain, ms. */
const LONGEST_STEP = 19_000;
const EXTRINSICS_PER_BLOCK = 250;
const EVENTS = storagePrefix('System', 'Events');

export type Call = ReturnType<ExtrinsicMaker['call']>;

/** What all states of one measurement share. */
export interface Rules {
  readonly runtime: HamsterRuntime;
  readonly maker: ExtrinsicMaker;
  /** What the rules survived and should not have. */
  readonly faults: unknown[];
}

export function rulesOf(): Rules {
  const faults: unknown[] = [];
  const runtime = createRuntime({ report: (fault) => faults.push(fault) });
  return { runtime, maker: new ExtrinsicMaker(runtime), faults };
}

/** Where a chain stands: the block that closed its state, and that block's time in ms. */
export interface Moment {
  readonly number: number;
  readonly now: number;
}

/** Blocks upon a state, made by the rules as a node makes them; only nobody checks signatures. */
export class Chain {
  readonly rules: Rules;
  readonly state: StateAccess;
  readonly #nonces = new Map<Account, number>();
  #number: number;
  #now: number;
  #inBlock = 0;

  constructor(rules: Rules, state: StateAccess, { number, now }: Moment) {
    this.rules = rules;
    this.state = state;
    this.#number = number;
    this.#now = now;
  }

  get moment(): Moment {
    return { number: this.#number, now: this.#now };
  }

  /** Begins a block, so many ms behind the one before: what is due by then happens in it. */
  open(step = 1_000): void {
    const { runtime } = this.rules;
    this.#number += 1;
    this.#now += step;
    this.#inBlock = 0;
    const parentHash = new Uint8Array(32).fill(this.#number % 251);
    runtime.initializeBlock(this.state, { number: this.#number, parentHash, digest: [] });
    for (const bytes of runtime.inherents({ now: BigInt(this.#now) })) {
      runtime.applyExtrinsic(this.state, runtime.decodeExtrinsic(bytes));
    }
  }

  close(): void {
    this.rules.runtime.finalizeBlock(this.state);
  }

  /** Closes the open block and begins the next one. */
  next(step?: number): void {
    this.close();
    this.open(step);
  }

  /** So much time with blocks in it, ms: nothing stands still. */
  pass(ms: number): void {
    for (let left = ms; left > 0; left -= LONGEST_STEP) this.next(Math.min(left, LONGEST_STEP));
  }

  call(name: string, ...args: readonly unknown[]): Call {
    return this.rules.maker.call(name, ...args);
  }

  /** The next extrinsic of this account: each that is made has to be applied. */
  extrinsic(signer: Account, call: Call): DecodedExtrinsic {
    const nonce = this.#nonces.get(signer) ?? this.#nonceOf(signer);
    this.#nonces.set(signer, nonce + 1);
    return this.rules.maker.signed(signer, nonce, call);
  }

  /** Makes a call that has to succeed, in the open block or, where that has many, in the next one. */
  send(signer: Account, name: string, ...args: readonly unknown[]): void {
    this.apply(this.extrinsic(signer, this.call(name, ...args)), name);
  }

  apply(extrinsic: DecodedExtrinsic, name: string): void {
    if (this.#inBlock++ >= EXTRINSICS_PER_BLOCK) this.next();
    try {
      const result = this.rules.runtime.applyExtrinsic(this.state, extrinsic);
      if (result.ok) return;
      throw new BenchError('BENCH_WRONG_RESULT', `${name} failed: ${JSON.stringify(result.error)}`);
    } catch (error) {
      if (!(error instanceof InvalidTransaction)) throw error;
      throw new BenchError('BENCH_WRONG_RESULT', `${name} was refused: ${error.message}`);
    }
  }

  /** Of the latest block that is closed. */
  events(): EventRecord[] {
    const raw = this.state.get(EVENTS) ?? Uint8Array.of(0);
    return [...this.rules.maker.registry.createType<Vec<EventRecord>>('Vec<EventRecord>', raw)];
  }

  #nonceOf({ publicKey }: Account): number {
    return u32.decode(this.rules.runtime.call(this.state, 'AccountNonceApi_account_nonce', publicKey));
  }
}
