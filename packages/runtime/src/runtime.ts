import {
  compose,
  inOneGo,
  metadataBuilder,
  type ReportedFault,
  type Runtime,
  type RuntimeVersion,
  type StateAccess,
} from '@hamster/frame';
import { BlockNumber, feeSchedule, Now } from '@hamster/pallets';
import { type ApiParts } from './apis/parts.ts';
import { runtimeApis } from './apis/all.ts';
import { applyExtrinsic, applyInSteps } from './executive/apply.ts';
import { finalizeBlock, initializeBlock } from './executive/block.ts';
import { check } from './executive/check.ts';
import type { CodeEntries } from './executive/parts.ts';
import { ensureMigrated } from './executive/upgrade.ts';
import { enterNextBlock, validate } from './executive/validate.ts';
import { extrinsicDefinition, uncheckedExtrinsic } from './extrinsic/definition.ts';
import { decodeExtrinsic, encodeBare } from './extrinsic/format.ts';
import { buildGenesis } from './genesis/build.ts';
import { metadataHashOf } from './metadata-hash.ts';
import { allPallets, type PalletOptions, paymentConfig, readsOf } from './pallets.ts';
import { OLDEST_RULES, OLDEST_STATE, VERSION, versionInForce } from './version.ts';

export interface RuntimeOptions {
  /** Time between blocks in ms, as metadata tells it to clients; the genesis may set another one. Default 1000. */
  readonly slotDuration?: bigint;
  /**
   * Entries of the genesis state that tell other programs about this runtime: `:code`, which is WebAssembly in the world
   * of Substrate. Called when a genesis is built, and in the block with which this version begins. Without it the state has
   * none of them.
   */
  readonly code?: (runtime: Runtime) => CodeEntries;
  /** What these rules are called, if not as this release calls them: for rehearsals of an upgrade. */
  readonly version?: RuntimeVersion;
  /** Told of bugs that the rules survived, for the node's log. */
  readonly report?: (fault: ReportedFault) => void;
}

export interface HamsterRuntime extends Runtime {
  /** Checks every pallet's invariants; reads everything, so for tests. @throws InvariantBroken */
  tryState(state: StateAccess): void;
}

const composeRuntime = (options: PalletOptions, report: (fault: ReportedFault) => void) =>
  compose({
    name: 'hamster_runtime',
    pallets: allPallets(options),
    now: (state) => Now.get({ state }),
    blockNumber: (state) => BlockNumber.get({ state }),
    report,
  });

/** The composition root of the rules: the pallets put together, as a node uses them. */
export const createRuntime = (options: RuntimeOptions = {}): HamsterRuntime => {
  const { slotDuration = 1000n, code = () => [], version = VERSION, report = () => undefined } = options;
  const composition = composeRuntime({ slotDuration, version }, report);
  const { call } = composition.outer;
  const extrinsic = uncheckedExtrinsic(call);
  const payment = paymentConfig(composition.outer);
  const decode = (bytes: Uint8Array) => decodeExtrinsic(bytes, call);
  const inherents: Runtime['inherents'] = ({ now }) => [
    encodeBare(call.encode({ type: 'Timestamp', value: { type: 'set', value: { now } } })),
  ];
  const metadata = metadataBuilder(() => ({
    composition,
    extrinsic: extrinsicDefinition(extrinsic),
    apis: apis.definitions,
  }));
  const parts: ApiParts = {
    composition,
    version,
    code: () => code(runtime),
    payment,
    fees: feeSchedule(payment),
    report,
    slotDuration,
    extrinsic,
    decode,
    inherents,
    reads: readsOf(composition.outer),
    metadata,
  };
  const apis = runtimeApis(parts);
  const underOldNames = new Map<number, Runtime>();

  const runtime: HamsterRuntime = {
    version,
    oldestState: OLDEST_STATE,
    oldestRules: OLDEST_RULES,
    metadata,
    metadataHash: metadataHashOf(version.specVersion),
    inForce(state) {
      const then = versionInForce(version, state);
      if (then === version) return runtime;
      const known = underOldNames.get(then.specVersion) ?? createRuntime({ ...options, version: then });
      underOldNames.set(then.specVersion, known);
      return known;
    },
    genesis: (config) => buildGenesis(composition, config, code(runtime)),
    decodeExtrinsic: decode,
    check: (state, xt, blockHash) => check(parts, state, xt, blockHash),
    enterNextBlock: (state, blockHash) => enterNextBlock(parts, state, blockHash),
    validate: (state, xt, options) => validate(parts, state, xt, options),
    initializeBlock: (state, start) => initializeBlock(parts, state, start),
    inherents,
    applyExtrinsic: (state, xt) => applyExtrinsic(parts, state, xt),
    applyInSteps: (state, xt) => applyInSteps(parts, state, xt),
    finalizeBlock: (state) => finalizeBlock(parts, state),
    call: (state, method, args) => inOneGo(apis.callInSteps(state, method, args)),
    callInSteps: (state, method, args) => apis.callInSteps(state, method, args),
    tryState(state) {
      ensureMigrated(parts, state);
      composition.tryState(state);
    },
  };
  return runtime;
};
