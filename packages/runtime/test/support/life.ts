import { strict } from 'node:assert';
import {
  type ApplyResult,
  compose,
  concatBytes,
  eventRecord,
  type GenesisConfig,
  InvalidTransaction,
  type RuntimeCall,
  type RuntimeEvent,
  storagePrefix,
} from '@hamster/frame';
import { Account, accountStore, BlockNumber, Now, TotalIssuance } from '@hamster/pallets';
import { type AnyType, bytes as lengthPrefixed, compact, type Type, u128, u32, vec } from '@hamster/scale';
import { DEV_PARAMETERS as COURT } from '../../../pallets/src/arbitration/parameters.ts';
import { Stakes } from '../../../pallets/src/provider/storage.ts';
import { Key } from '../../../pallets/src/sudo/storage.ts';
import type { Step } from '../../../pallets/test/market/chaos.ts';
import { issuedBy } from '../../../pallets/test/market/explained.ts';
import {
  CAPACITY,
  GRACE,
  HAM,
  HOUR,
  MINUTE,
  PEOPLE,
  VALIDATORS,
} from '../../../pallets/test/market/fixtures.ts';
import type { Attempt, Move } from '../../../pallets/test/market/hostile.ts';
import { type Market, offer } from '../../../pallets/test/market/market.ts';
import { runtimeCall } from '../../../pallets/test/market/nested.ts';
import { RULES } from '../../../pallets/test/market/rules.ts';
import { auditTold, type Balances } from '../../../pallets/test/market/told.ts';
import { PRESETS } from '../../src/index.ts';
import { allPallets } from '../../src/pallets.ts';
import { POTS } from '../../src/pots.ts';
import { VERSION } from '../../src/version.ts';
import { hexOf, TestChain } from './chain.ts';

/** The same pallets once more: to make calls with, and to look at the state. */
const composition = compose({
  name: 'hamster_runtime',
  pallets: allPallets({ slotDuration: 1_000n, version: VERSION }),
  now: (state) => Now.get({ state }),
  blockNumber: (state) => BlockNumber.get({ state }),
  report: () => undefined,
});

const GENESIS: GenesisConfig = {
  ...PRESETS.dev,
  balances: { balances: [...PEOPLE, ...VALIDATORS].map((who) => [hexOf(who), String(1_000_000n * HAM)]) },
  sudo: { key: hexOf(GRACE) },
  resourceOrder: { parameters: RULES },
  arbitration: { parameters: { ...COURT, reopen_after: MINUTE, retention: HOUR } },
  validators: {
    validators: VALIDATORS.map((who) => ({
      account: hexOf(who),
      aura: hexOf(who),
      grandpa: hexOf(who.map((byte) => byte ^ 0xff)),
    })),
  },
};

/** As far as those need it who think of moves. */
const marketOn = (chain: TestChain): Market => {
  const callsOf = (pallet: string) => composition.pallets.find(({ name }) => name === pallet)?.calls;
  const names = ['System', 'Timestamp', 'Balances', 'Utility', 'Sudo', 'Authorities', 'Provider'];
  const others = ['ResourceOrder', 'Gateway', 'Arbitration', 'Validators', 'Treasury'];
  const calls = [...names, ...others].map((name) => [
    name.charAt(0).toLowerCase() + name.slice(1),
    callsOf(name),
  ]);
  const { state } = chain;
  return {
    ...Object.fromEntries(calls),
    chain: {
      get ctx() {
        return composition.context(state);
      },
      composition,
    },
    ledger: (who: Uint8Array) => Stakes.get({ state }, who),
  } as unknown as Market;
};

interface Terms {
  readonly nonce: number;
  readonly tip: bigint;
  readonly signature: Uint8Array;
  readonly era: Uint8Array;
}

/** By keys of each sort: ed25519, sr25519, and ECDSA. */
const SIGNATURES = [64, 64, 65].map((length, sort) => Uint8Array.of(sort, ...new Uint8Array(length)));

/** Blocks for which a mortal extrinsic is good. */
const PERIOD = 64;

/** Immortal, or good from the block before the next one on. */
const erasAt = (number: number): readonly Uint8Array[] => {
  const mortal = Math.log2(PERIOD) - 1 + ((number % PERIOD) << 4);
  return [Uint8Array.of(0), Uint8Array.of(mortal & 0xff, mortal >> 8)];
};

/** Signed, as far as anybody sees who leaves the signature to others. */
const signedBytes = (
  who: Uint8Array,
  call: Uint8Array,
  { nonce, tip, signature, era }: Terms,
): Uint8Array => {
  const extra = [era, compact(u32).encode(nonce), compact(u128).encode(tip), Uint8Array.of(0)];
  return lengthPrefixed.encode(concatBytes(Uint8Array.of(0x84, 0), who, signature, ...extra, call));
};

const bareBytes = (call: Uint8Array): Uint8Array =>
  lengthPrefixed.encode(concatBytes(Uint8Array.of(4), call));

const textOf = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');

type Entries = ReadonlyMap<string, string>;

const changedIn = (before: Entries, after: Entries): string[] =>
  [...new Set([...before.keys(), ...after.keys()])].filter((key) => before.get(key) !== after.get(key));

/** Why an extrinsic is refused. Anything else that is thrown is a bug. */
const refusalOf = (act: () => unknown): InvalidTransaction | undefined => {
  try {
    act();
    return undefined;
  } catch (error) {
    if (error instanceof InvalidTransaction && error.kind !== 'Custom') return error;
    throw error;
  }
};

/** What is noted of an extrinsic, whatever becomes of it. */
const OF_THE_BLOCK = ['ExecutionPhase', 'AllExtrinsicsLen', 'ExtrinsicCount', 'BlockWeight'].map((name) =>
  storagePrefix('System', name),
);

interface Failed {
  readonly before: Entries;
  readonly funds: readonly [own: bigint, treasury: bigint];
}

const RECORDS = vec(eventRecord(composition.outer.event as AnyType)) as unknown as Type<
  readonly { readonly event: RuntimeEvent }[]
>;

/** What somebody may tip: mostly nothing, now and then more than there is. */
const TIPS = [0n, 0n, 0n, 1n, HAM, 0n, 2n ** 127n];

/** A market on the whole runtime: whoever does something pays for it, and the block has to have room. */
export class Life extends TestChain {
  readonly market: Market;
  /** How many transactions succeeded, failed, and were refused. */
  readonly tally = { ok: 0, failed: 0, refused: 0 };
  #sent = 0;

  constructor() {
    super(GENESIS);
    this.market = marketOn(this);
    this.open();
    for (const who of PEOPLE.slice(1, 3)) {
      const { stake, register_resource: register } = this.market.provider;
      this.#make({ who, name: 'stake', call: stake, args: { amount: 50_000n * HAM } });
      const args = { ...offer(this.market.chain.ctx.now), capacity: CAPACITY };
      this.#make({ who, name: 'register_resource', call: register, args });
    }
    this.close();
  }

  live(steps: readonly Step[]): this {
    for (const { attempts, pause } of steps) this.#liveThrough(attempts, pause(this.market));
    return this;
  }

  /** One block. What is issued has changed as its events say, and so has what everybody has. */
  #liveThrough(attempts: readonly Attempt[], pause: bigint): void {
    const [issued, had] = [TotalIssuance.get(this), this.#balances()];
    this.open(pause);
    for (const attempt of attempts) {
      const move = attempt(this.market);
      if (move) this.#make(move);
    }
    this.close();
    strict.equal(TotalIssuance.get(this) - issued, issuedBy(this.#told()));
    auditTold(had, this.#told(), this.#balances());
  }

  #balances(): Balances {
    const all = [...accountStore.entries(this)];
    return new Map(all.map(([who, { free, reserved: held }]) => [who.join(), { free, held }]));
  }

  /** The latest block's events by name, and their fields. */
  #told(): [string, string, unknown][] {
    const events = this.state.get(storagePrefix('System', 'Events')) ?? Uint8Array.of(0);
    return RECORDS.decode(events).map(({ event: { type, value } }) => [type, value.type, value.value]);
  }

  #make(move: Move): void {
    const call = runtimeCall(this.market, move);
    const who = move.who ?? Key.get(this);
    if (move.origin) return this.#refuseBare(call);
    if (!who) return;
    const sent = move.who ? call : { type: 'Sudo', value: { type: 'sudo', value: { call } } };
    this.#send(who, this.#termsOf(who), composition.outer.call.encode(sent));
  }

  #termsOf(who: Uint8Array): Terms {
    const next = <T>(all: readonly T[]): T => all[this.#sent % all.length] as T;
    this.#sent += 1;
    const { nonce } = Account.get(this, who);
    return { nonce, tip: next(TIPS), signature: next(SIGNATURES), era: next(erasAt(this.best)) };
  }

  /** The block has its time: nobody says another one, and nothing else is for those who sign nothing. */
  #refuseBare(call: RuntimeCall): void {
    const before = this.#entries();
    const bytes = bareBytes(composition.outer.call.encode(call));
    strict.ok(refusalOf(() => this.runtime.applyExtrinsic(this.state, this.runtime.decodeExtrinsic(bytes))));
    strict.deepEqual(changedIn(before, this.#entries()), []);
  }

  /** What the pool takes is taken by a block with room for it, and nothing else is; what is refused leaves no trace. */
  #send(who: Uint8Array, terms: Terms, call: Uint8Array): void {
    const xt = this.runtime.decodeExtrinsic(signedBytes(who, call, terms));
    const before = this.#entries();
    strict.ok(this.runtime.check(this.state, xt));
    const unfit = refusalOf(() =>
      this.runtime.validate(this.state, xt, { signatureValid: true, source: 'External' }),
    );
    strict.deepEqual(changedIn(before, this.#entries()), []);
    const funds = this.#fundsOf(who);
    let result: ApplyResult | undefined;
    const refusal = refusalOf(() => (result = this.runtime.applyExtrinsic(this.state, xt)));
    if (!result) {
      this.tally.refused += 1;
      strict.ok(refusal);
      strict.ok(unfit !== undefined || refusal.kind === 'ExhaustsResources', refusal.message);
      return strict.deepEqual(changedIn(before, this.#entries()), []);
    }
    strict.equal(unfit, undefined);
    if (result.ok) return void (this.tally.ok += 1);
    this.tally.failed += 1;
    this.#auditFailure(who, terms, { before, funds });
  }

  /** One that fails has cost its fee and its nonce, and changed nothing else. */
  #auditFailure(who: Uint8Array, { nonce, tip }: Terms, { before, funds }: Failed): void {
    const [own, treasury] = this.#fundsOf(who);
    const paid = funds[0] - own;
    strict.equal(treasury - funds[1], paid);
    strict.ok(paid >= tip);
    strict.equal(Account.get(this, who).nonce, nonce + 1);
    const touched = [Account.keyOf(who), Account.keyOf(POTS.treasury), ...OF_THE_BLOCK].map(textOf);
    strict.deepEqual(
      changedIn(before, this.#entries()).filter((key) => !touched.includes(key)),
      [],
    );
  }

  #fundsOf(who: Uint8Array): readonly [own: bigint, treasury: bigint] {
    return [this.account(who).free, this.account(POTS.treasury).free];
  }

  #entries(): Entries {
    return new Map([...this.state.entries()].map(([key, value]) => [textOf(key), textOf(value)]));
  }
}
