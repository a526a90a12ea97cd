import { type Callee, call, i32, i64, select, type WasmModule } from '../emit/index.ts';
import type { Cursor } from './cursor.ts';
import { ACCOUNT_LENGTH } from './storage.ts';

const BARE_V4 = 0x04;
const SIGNED_V4 = 0x84;
const SIGNATURE_LENGTH = 64;
const U32_MAX = (1n << 32n) - 1n;

/** Variants of `MultiAddress`. */
const ADDRESS = { id: 0, index: 1, raw: 2, address32: 3, address20: 4 };
/** Variants of `MultiSignature`. */
export const SCHEME = { ed25519: 0, sr25519: 1, ecdsa: 2 };

/** What `read` finds. */
export const OUTCOME = { good: 0, call: 1, badSigner: 2 };

/** The envelope of an extrinsic of version 4, without its length prefix. */
export const extrinsic = (module: WasmModule, cursor: Cursor, walkCall: Callee<'none'>) => {
  const { at, end, fault, take, u8 } = cursor;
  /** Address of the account id; 0 for a bare extrinsic. */
  const signer = module.global('i32');
  const scheme = module.global('i32');
  const signature = module.global('i32');
  /** Where the bytes of the extensions begin; they end where the call begins. */
  const extra = module.global('i32');
  /** As on the wire; 0 is immortal. */
  const era = module.global('i32');
  const nonce = module.global('i32');
  const tipLow = module.global('i64');
  const tipHigh = module.global('i64');
  /** Whether the hash of the metadata was signed along. */
  const withMetadataHash = module.global('i32');
  const callAt = module.global('i32');

  /** Whether the address is an account id; else what kind of failure, in `OUTCOME`. */
  const readAddress = module.function([], 'i32', (body) => {
    const kind = body.word(call(u8));
    body.if(i32.eq(kind, ADDRESS.id), () => body.set(signer, call(take, ACCOUNT_LENGTH)));
    body.if(i32.eq(kind, ADDRESS.raw), () => body.run(call(cursor.skip, call(cursor.length))));
    body.if(i32.eq(kind, ADDRESS.address32), () => body.run(call(cursor.skip, 32)));
    body.if(i32.eq(kind, ADDRESS.address20), () => body.run(call(cursor.skip, 20)));
    body.if(i32.or(fault, i32.gt(kind, ADDRESS.address20)), () => body.return(OUTCOME.call));
    body.return(select(i32.eq(kind, ADDRESS.id), OUTCOME.good, OUTCOME.badSigner));
  });

  const readSignature = module.function([], 'none', (body) => {
    body.set(scheme, call(u8));
    body.if(i32.gt(scheme, SCHEME.ecdsa), () => body.set(fault, 1));
    body.set(signature, call(take, i32.add(SIGNATURE_LENGTH, i32.eq(scheme, SCHEME.ecdsa))));
  });

  const periodOf = module.function([], 'i32', (body) => body.return(i32.shl(2, i32.and(era, 15))));
  const phaseOf = module.function([], 'i32', (body) => {
    const quantum = body.word(i32.shr(call(periodOf), 12));
    body.return(i32.mul(i32.shr(era, 4), select(quantum, quantum, 1)));
  });

  const readEra = module.function([], 'none', (body) => {
    body.set(era, call(u8));
    body.if(i32.eq(era, 0), () => body.return());
    body.set(era, i32.or(era, i32.shl(call(u8), 8)));
    const exponent = i32.and(era, 15);
    body.if(i32.or(i32.eq(exponent, 0), i32.ge(call(phaseOf), call(periodOf))), () => body.set(fault, 1));
  });

  const readExtra = module.function([], 'none', (body) => {
    body.set(extra, at);
    body.run(call(readEra));
    body.set(nonce, i32.low(call(cursor.compactUpTo, U32_MAX)));
    body.set(tipLow, call(cursor.compact));
    body.set(tipHigh, cursor.compactHigh);
    body.set(withMetadataHash, call(u8));
    body.if(i32.gt(withMetadataHash, 1), () => body.set(fault, 1));
  });

  /** Reads the rest of the cursor's bytes as one extrinsic; the answer is one of `OUTCOME`. */
  const read = module.function([], 'i32', (body) => {
    body.set(signer, 0);
    const version = body.word(call(u8));
    const isKnown = i32.or(i32.eq(version, BARE_V4), i32.eq(version, SIGNED_V4));
    body.if(i32.not(isKnown), () => body.return(OUTCOME.call));
    body.if(i32.eq(version, SIGNED_V4), () => {
      const outcome = body.word(call(readAddress));
      body.if(outcome, () => body.return(outcome));
      body.run(call(readSignature));
      body.run(call(readExtra));
    });
    body.set(callAt, at);
    body.if(fault, () => body.return(OUTCOME.call));
    body.run(call(walkCall));
    body.return(select(i32.or(fault, i32.ne(at, end)), OUTCOME.call, OUTCOME.good));
  });

  /** Number of the block that would include it → number of the block whose hash was signed along. */
  const birth = module.function(['i32'], 'i32', (body, current) => {
    body.if(i32.eq(era, 0), () => body.return(0));
    const phase = body.word(call(phaseOf));
    const period = body.word(call(periodOf));
    const latest = body.word(select(i32.gt(current, phase), current, phase));
    body.return(i32.add(i32.mul(i32.div(i32.sub(latest, phase), period), period), phase));
  });

  /** Number of the block that would include it → for how many blocks it is good. */
  const longevity = module.function(['i32'], 'i64', (body, current) => {
    body.if(i32.eq(era, 0), () => body.return((1n << 64n) - 1n));
    const last = i32.add(call(birth, current), call(periodOf));
    body.return(i64.sub(i64.extend(last), i64.extend(current)));
  });

  return {
    signer,
    scheme,
    signature,
    extra,
    nonce,
    tipLow,
    tipHigh,
    withMetadataHash,
    callAt,
    read,
    birth,
    longevity,
  };
};

export type Extrinsic = ReturnType<typeof extrinsic>;
