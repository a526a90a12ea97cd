import type { WasmModule } from '../emit/index.ts';
import type { RuntimeFacts } from '../facts/facts.ts';
import { type Basics, basics } from './basics.ts';
import { type Cursor, cursor } from './cursor.ts';
import { type Extrinsic, extrinsic } from './extrinsic.ts';
import { type Fees, fees } from './fees.ts';
import { importHost } from './host.ts';
import { type Output, output } from './output.ts';
import { refusals } from './refusals.ts';
import { signature } from './signature.ts';
import { type Storage, storage } from './storage.ts';
import { validity } from './validity.ts';
import { type CallInfoVariables, CallWalker } from './walk.ts';
import type { Callee } from '../emit/index.ts';

/** The parts of the program that its entry points are made of. */
export interface Program {
  readonly module: WasmModule;
  readonly basics: Basics;
  readonly cursor: Cursor;
  readonly storage: Storage;
  readonly output: Output;
  readonly info: CallInfoVariables;
  readonly walkCall: Callee<'none'>;
  readonly extrinsic: Extrinsic;
  readonly fees: Fees;
  /** Length of the extrinsic at the cursor, address of a block hash → span of a `TransactionValidity`. */
  readonly validate: Callee<'i64'>;
}

/** Puts the parts together, from the bottom up. */
export const composeProgram = (module: WasmModule, facts: RuntimeFacts): Program => {
  const host = importHost(module);
  const base = basics(module, host);
  const reader = cursor(module, base);
  const state = storage(module, host, base);
  const writer = output(module, base);
  const walker = new CallWalker({ module, cursor: reader, metadata: facts.metadata, calls: facts.calls });
  const walkCall = walker.walkCall();
  const envelope = extrinsic(module, reader, walkCall);
  const { info } = walker;
  const bill = fees(module, info, facts.feeRates, facts.limits);
  const common = { module, basics: base, cursor: reader, storage: state, extrinsic: envelope };
  const { specVersion, transactionVersion } = facts.version;
  const { metadataHash } = facts;
  const signed = signature({ ...common, host, specVersion, transactionVersion, metadataHash });
  const validate = validity({
    ...common,
    output: writer,
    signature: signed,
    info,
    fees: bill,
    limits: facts.limits,
    refuse: refusals(module),
  });
  return { ...common, output: writer, info, walkCall, fees: bill, validate };
};
