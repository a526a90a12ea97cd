import type { SignatureClaim } from '@hamster/crypto';
import type { StateAccess, StateReader } from './state.ts';

/** 32 bytes. */
export type Hash = Uint8Array;

/** What `state_getRuntimeVersion` and `Core_version` tell. */
export interface RuntimeVersion {
  readonly specName: string;
  readonly implName: string;
  readonly authoringVersion: number;
  readonly specVersion: number;
  readonly implVersion: number;
  readonly transactionVersion: number;
  readonly stateVersion: 0 | 1;
  /** `[0x-prefixed 8-byte id, version]` of each runtime API. */
  readonly apis: readonly (readonly [id: string, version: number])[];
}

/** Configuration of genesis: one plain object for each pallet, under the pallet's name in camelCase. Comes from JSON. */
export interface GenesisConfig {
  readonly [pallet: string]: unknown;
}

/**
 * The part of a header that a block is started with. `digest` holds the SCALE-encoded items: pre-runtime digests, and
 * `RuntimeEnvironmentUpdated` when the rules of this version begin with this block.
 */
export interface BlockStart {
  readonly parentHash: Hash;
  readonly number: number;
  readonly digest: readonly Uint8Array[];
}

/** An extrinsic, decoded once and then handed around. The runtime that decoded it owns what is inside `payload`. */
export interface DecodedExtrinsic {
  /** The whole extrinsic as on the wire, with its length prefix. */
  readonly bytes: Uint8Array;
  /** Account id of the signer; undefined for a bare extrinsic. */
  readonly signer: Uint8Array | undefined;
  /** Undefined for a bare extrinsic. */
  readonly nonce: number | undefined;
  readonly payload: unknown;
}

export type { SignatureClaim };

export type TransactionSource = 'InBlock' | 'Local' | 'External';

export interface ValidateOptions {
  /** What the caller found out about the claim that `check` returned; ignored for a bare extrinsic. */
  readonly signatureValid: boolean;
  readonly source: TransactionSource;
  /** Hash of the block whose state this is. Needed on the state of a finished block, unneeded inside of an open one. */
  readonly blockHash?: Hash;
}

/** For the pool: in which order, and for how many blocks, a transaction is good. */
export interface ValidTransaction {
  readonly priority: bigint;
  readonly requires: readonly Uint8Array[];
  readonly provides: readonly Uint8Array[];
  /** In blocks. */
  readonly longevity: bigint;
  readonly propagate: boolean;
}

/** A dispatch error as a client would print it. */
export interface DispatchFailureInfo {
  /** 'Module' errors carry the pallet and the error's name. */
  readonly kind: string;
  readonly pallet?: string;
  readonly name?: string;
  readonly message: string;
}

/** The extrinsic is in the block either way; `ok: false` says that its call failed (the fee is paid). */
export type ApplyResult =
  | { readonly ok: true; readonly encoded: Uint8Array }
  | { readonly ok: false; readonly error: DispatchFailureInfo; readonly encoded: Uint8Array };

/**
 * The rules of the chain, as a node uses them.
 * Every method that throws `InvalidTransaction` leaves the state as it was.
 */
export interface Runtime {
  readonly version: RuntimeVersion;
  /** The lowest `specVersion` whose state these rules read, or bring into their shape in the block with which they begin. Default: any. */
  readonly oldestState?: number;
  /** The lowest `specVersion` whose blocks these rules execute as its own did. Default: any. */
  readonly oldestRules?: number;
  /**
   * The same rules under the version that was in force when this state was made, which signatures, metadata and runtime APIs
   * then name; itself for a state of its own version.
   */
  inForce(state: StateReader): Runtime;
  /** Metadata with its "meta" prefix, as `state_getMetadata` gives it for 14. */
  metadata(version: 14 | 15 | 16): Uint8Array;
  /** What `CheckMetadataHash` signs when it is enabled; undefined where it is not known. */
  readonly metadataHash?: Hash | undefined;
  /** The entries of the genesis state. */
  genesis(config: GenesisConfig): Iterable<[key: Uint8Array, value: Uint8Array]>;
  /** @throws InvalidTransaction when the bytes are no extrinsic of this runtime, or list more than its rules decode. */
  decodeExtrinsic(bytes: Uint8Array): DecodedExtrinsic;
  /**
   * What has to be verified, against this state (genesis, spec version, era's block hash).
   * Undefined for a bare extrinsic. `blockHash` as in {@link ValidateOptions}.
   */
  check(state: StateReader, xt: DecodedExtrinsic, blockHash?: Hash): SignatureClaim | undefined;
  /**
   * Makes the state of a finished block that of the next one, as far as `check` and `validate` depend on it: afterwards both
   * go without `blockHash`. For a state on which many transactions are examined.
   */
  enterNextBlock(state: StateAccess, blockHash: Hash): void;
  /** For the pool. Never changes the state. @throws InvalidTransaction */
  validate(state: StateAccess, xt: DecodedExtrinsic, options: ValidateOptions): ValidTransaction;
  initializeBlock(state: StateAccess, start: BlockStart): void;
  /** Bare extrinsics that the author puts first. `now` in milliseconds. */
  inherents(data: { readonly now: bigint }): Uint8Array[];
  /** The caller has verified the signature. @throws InvalidTransaction when it can't be in this block. */
  applyExtrinsic(state: StateAccess, xt: DecodedExtrinsic): ApplyResult;
  /** As `applyExtrinsic`, with stops: behind the inherent that sets the time comes all that is due. Nobody may use the state meanwhile. */
  applyInSteps(state: StateAccess, xt: DecodedExtrinsic): Generator<void, ApplyResult>;
  /** Runs the closing hooks. Returns the header's digest items, SCALE-encoded. Events are in System.Events. */
  finalizeBlock(state: StateAccess): { readonly digest: readonly Uint8Array[] };
  /**
   * A runtime API by its wire name, such as "AccountNonceApi_account_nonce". May write into `state`: give it a layer.
   * @throws UnknownRuntimeApi
   */
  call(state: StateAccess, method: string, args: Uint8Array): Uint8Array;
  /** As `call`, with stops where it takes long. Nobody may use the state meanwhile. */
  callInSteps(state: StateAccess, method: string, args: Uint8Array): Generator<void, Uint8Array>;
}
