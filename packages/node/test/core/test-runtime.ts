import { createPrivateKey, createPublicKey, generateKeyPairSync, sign } from 'node:crypto';
import { twox128 } from '@hamster/crypto';
import {
  invalid,
  type DecodedExtrinsic,
  type Runtime,
  type StateAccess,
  type StateReader,
  type ValidateOptions,
} from '@hamster/frame';
import { bytes, fieldsCodec, fixedBytes, text, tuple, u32, u64, vec, type Infer } from '@hamster/scale';

import { ALICE } from './dev-keys.ts';

/**
 * The smallest rules that show what a node does: accounts have a nonce and a counter. `add` counts, `time` is the
 * inherent, and the others go wrong in the ways in which an extrinsic can.
 */
const CALL = fieldsCodec({ name: text, amount: u64 });
const SIGNED = fieldsCodec({
  account: fixedBytes(32),
  nonce: u32,
  tip: u64,
  signature: fixedBytes(64),
  call: CALL,
});
const EXTRINSIC = bytes;

type Call = Infer<typeof CALL>;

interface Payload {
  readonly call: Call;
  readonly tip: bigint;
  readonly signature: Uint8Array;
}

const utf8 = (value: string) => new TextEncoder().encode(value);
const key = (pallet: string, item: string, suffix: Uint8Array = new Uint8Array()) =>
  Uint8Array.of(...twox128(utf8(pallet)), ...twox128(utf8(item)), ...suffix);

export const TIME = key('Timestamp', 'Now');
export const NUMBER = key('System', 'Number');
export const counterKey = (account: Uint8Array) => key('Counter', 'Of', account);
const nonceKey = (account: Uint8Array) => key('Nonce', 'Of', account);

const read32 = (state: StateReader, at: Uint8Array) => {
  const value = state.get(at);
  return value ? u32.decode(value) : 0;
};
const read64 = (state: StateReader, at: Uint8Array) => {
  const value = state.get(at);
  return value ? u64.decode(value) : 0n;
};

const message = (nonce: number, tip: bigint, call: Call) =>
  Uint8Array.of(...u32.encode(nonce), ...u64.encode(tip), ...CALL.encode(call));

function decode(wire: Uint8Array): DecodedExtrinsic {
  try {
    const inner = EXTRINSIC.decode(wire);
    const [kind] = inner;
    if (kind === 0) {
      const payload: Payload = { call: CALL.decode(inner.slice(1)), tip: 0n, signature: new Uint8Array() };
      return { bytes: wire, signer: undefined, nonce: undefined, payload };
    }
    const { account, nonce, ...payload } = SIGNED.decode(inner.slice(1));
    return { bytes: wire, signer: account, nonce, payload };
  } catch {
    throw invalid('Call', 'these bytes are no extrinsic');
  }
}

function nonceOf(extrinsic: DecodedExtrinsic): { account: Uint8Array; nonce: number; payload: Payload } {
  const { signer, nonce, payload } = extrinsic;
  if (!signer || nonce === undefined) throw invalid('BadSigner', 'a bare extrinsic');
  return { account: signer, nonce, payload: payload as Payload };
}

const ERA = 4;

const SHORT_LIVED: ReadonlySet<string> = new Set(['short-lived', 'brief']);

/** As real rules count it: where an era is over, the next one begins, for which nothing was signed. */
const remainingBlocks = (state: StateReader): number => ERA - ((read32(state, NUMBER) + 1) % ERA);

function validate(state: StateAccess, extrinsic: DecodedExtrinsic, options: ValidateOptions) {
  const { account, nonce, payload } = nonceOf(extrinsic);
  if (!options.signatureValid) throw invalid('BadProof', 'the signature is wrong');
  if (payload.call.name === 'break-validate') throw new TypeError('validate broke down');
  const expected = read32(state, nonceKey(account));
  if (nonce < expected) throw invalid('Stale', `nonce ${nonce} was used`);
  const tag = (of: number) => Uint8Array.of(...account, ...u32.encode(of));
  return {
    priority: payload.tip,
    requires: nonce > expected ? [tag(nonce - 1)] : [],
    provides: [tag(nonce)],
    longevity: SHORT_LIVED.has(payload.call.name) ? BigInt(remainingBlocks(state)) : 64n,
    propagate: true,
  };
}

function apply(state: StateAccess, extrinsic: DecodedExtrinsic) {
  const payload = extrinsic.payload as Payload;
  const { name, amount } = payload.call;
  if (name === 'time') {
    if (amount <= read64(state, TIME)) throw invalid('BadMandatory', 'time stands still');
    state.put(TIME, u64.encode(amount));
    return { ok: true as const, encoded: new Uint8Array([0, 0]) };
  }
  const { account, nonce } = nonceOf(extrinsic);
  const expected = read32(state, nonceKey(account));
  if (nonce !== expected)
    throw invalid(nonce < expected ? 'Stale' : 'Future', `nonce ${nonce}, not ${expected}`);
  state.put(nonceKey(account), u32.encode(nonce + 1));
  if (name === 'break') {
    state.begin();
    throw new TypeError('apply broke down');
  }
  if (name === 'too-heavy' || name === 'short-lived') throw invalid('ExhaustsResources', 'no room');
  const at = counterKey(account);
  state.put(at, u64.encode(read64(state, at) + amount));
  return { ok: true as const, encoded: new Uint8Array([0, 0]) };
}

/** What a test's genesis may say: who seals, who votes, how long a slot is. */
export interface TestGenesis {
  readonly slotDuration?: number;
  readonly authors?: readonly Uint8Array[];
  readonly voters?: readonly (readonly [key: Uint8Array, weight: number])[];
}

const AUTHORS = vec(fixedBytes(32));
const VOTERS = vec(tuple(fixedBytes(32), u64));
const consensusKey = (method: string) => key('Consensus', method);

const consensusOf = ({ slotDuration = 1000, authors, voters }: TestGenesis) =>
  Object.entries({
    AuraApi_slot_duration: u64.encode(BigInt(slotDuration)),
    AuraApi_authorities: AUTHORS.encode(authors ?? ALICE.authors.map(({ publicKey }) => publicKey)),
    GrandpaApi_grandpa_authorities: VOTERS.encode(
      voters?.map(([voter, weight]) => [voter, BigInt(weight)]) ??
        ALICE.voters.map(({ publicKey }) => [publicKey, 1n]),
    ),
    GrandpaApi_current_set_id: u64.encode(0n),
  });

export interface TestRuntimeOptions {
  /** Called on opening a block: may throw, to break it. */
  readonly onOpen?: (number: number) => void;
}

export function testRuntime({ onOpen }: TestRuntimeOptions = {}): Runtime {
  let digest: readonly Uint8Array[] = [];
  const runtime: Runtime = {
    inForce: () => runtime,
    version: {
      specName: 'counter',
      implName: 'counter',
      authoringVersion: 1,
      specVersion: 1,
      implVersion: 1,
      transactionVersion: 1,
      stateVersion: 1,
      apis: [],
    },
    metadata: () => new Uint8Array(),
    genesis: (config) => [
      ...consensusOf(config).map(
        ([method, value]) => [consensusKey(method), value] as [Uint8Array, Uint8Array],
      ),
      [utf8(':code'), new Uint8Array(100).fill(1)],
      [key('Genesis', 'Seed'), utf8(JSON.stringify(config))],
    ],
    decodeExtrinsic: decode,
    check(_state, extrinsic) {
      if (!extrinsic.signer) return undefined;
      const { account, nonce, payload } = nonceOf(extrinsic);
      const { tip, call, signature } = payload;
      return { scheme: 'ed25519', accountId: account, message: message(nonce, tip, call), signature };
    },
    enterNextBlock: () => undefined,
    validate,
    initializeBlock(state, start) {
      onOpen?.(start.number);
      digest = start.digest;
      state.put(NUMBER, u32.encode(start.number));
    },
    inherents: ({ now }) => [bare({ name: 'time', amount: now })],
    applyExtrinsic: apply,
    *applyInSteps(state, extrinsic) {
      const result = apply(state, extrinsic);
      yield;
      return result;
    },
    finalizeBlock: () => ({ digest }),
    call(state, method, args) {
      const consensus = state.get(consensusKey(method));
      if (consensus) return consensus;
      if (method === 'AccountNonceApi_account_nonce') return u32.encode(read32(state, nonceKey(args)));
      if (method !== 'Counter_of') throw invalid('Call', method);
      state.put(counterKey(args), u64.encode(read64(state, counterKey(args)) + 1n));
      return u64.encode(read64(state, counterKey(args)) - 1n);
    },
    *callInSteps(...asked) {
      yield;
      return runtime.call(...asked);
    },
  };
  return runtime;
}

const bare = (call: Call) => EXTRINSIC.encode(Uint8Array.of(0, ...CALL.encode(call)));

export interface Sent {
  readonly nonce: number;
  readonly tip?: bigint;
  readonly name?: string;
  readonly amount?: bigint;
  /** Sign something else. */
  readonly forged?: boolean;
}

/** Somebody with a key, who signs calls. */
export class TestAccount {
  readonly id: Uint8Array;
  readonly #secret;

  constructor() {
    const pair = generateKeyPairSync('ed25519');
    this.#secret = createPrivateKey(pair.privateKey.export({ type: 'pkcs8', format: 'pem' }));
    const jwk = createPublicKey(pair.publicKey.export({ type: 'spki', format: 'pem' })).export({
      format: 'jwk',
    });
    this.id = Uint8Array.from(Buffer.from(jwk.x ?? '', 'base64url'));
  }

  extrinsic({ nonce, tip = 0n, name = 'add', amount = 1n, forged = false }: Sent): Uint8Array {
    const call = { name, amount };
    const signature = Uint8Array.from(sign(null, message(nonce + (forged ? 1 : 0), tip, call), this.#secret));
    return EXTRINSIC.encode(
      Uint8Array.of(1, ...SIGNED.encode({ account: this.id, nonce, tip, signature, call })),
    );
  }
}
