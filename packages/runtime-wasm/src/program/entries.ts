import {
  type Body,
  call,
  i32,
  type Local,
  type Long,
  span,
  type Variable,
  type Word,
} from '../emit/index.ts';
import type { RuntimeFacts } from '../facts/facts.ts';
import type { Program } from './program.ts';
import { ACCOUNT_LENGTH, HASH_LENGTH } from './storage.ts';

/** Code of one runtime API; address and length of its encoded arguments are given. It returns a span. */
export type Entry = (body: Body, address: Local<'i32'>, length: Local<'i32'>) => void;

export interface EntryParts {
  readonly program: Program;
  readonly facts: RuntimeFacts;
}

const U32_LENGTH = 4;
const BAD_ARGUMENTS = 'The arguments of this call do not decode';

const answer = ({ module: { memory } }: Program, bytes: Uint8Array) => span(memory.data(bytes), bytes.length);

const constant = (program: Program, bytes: Uint8Array): Entry => {
  const place = answer(program, bytes);
  return (body) => body.return(place);
};

/** The value of an entry, or what the runtime says where there is none. */
const stored = (program: Program, [pallet, item]: readonly [string, string], fallback: Uint8Array): Entry => {
  const { storage } = program;
  const otherwise = answer(program, fallback);
  return (body) => {
    body.if(storage.plain(pallet, item), () => body.return(span(storage.valueAt, storage.valueLength)));
    body.return(otherwise);
  };
};

const ensure = ({ basics }: Program, body: Body, condition: Word, reason: string): void =>
  body.if(i32.not(condition), () => basics.fail(body, reason));

const metadataAtVersion = ({ program, facts }: EntryParts): Entry => {
  const versions = [...facts.metadataAt].map(
    ([version, bytes]) => [version, answer(program, bytes)] as const,
  );
  const none = answer(program, Uint8Array.of(0));
  return (body, address, length) => {
    ensure(program, body, i32.eq(length, U32_LENGTH), BAD_ARGUMENTS);
    for (const [version, place] of versions) {
      body.if(i32.eq(i32.load(address), version), () => body.return(place));
    }
    body.return(none);
  };
};

const accountNonce =
  ({ program }: EntryParts): Entry =>
  (body, address, length) => {
    const { output, storage } = program;
    ensure(program, body, i32.eq(length, ACCOUNT_LENGTH), BAD_ARGUMENTS);
    body.run(call(output.begin));
    const nonce = body.local('i32');
    body.if(call(storage.account, address), () => body.set(nonce, i32.load(storage.valueAt)));
    body.run(call(output.u32, nonce));
    body.return(call(output.finish));
  };

/** Bytes of a length prefix that this many bytes get. */
const prefixLength = (body: Body, length: Variable<'i32'>): Variable<'i32'> => {
  const size = body.word(1);
  body.if(i32.ge(length, 1 << 6), () => body.set(size, 2));
  body.if(i32.ge(length, 1 << 14), () => body.set(size, 4));
  return size;
};

const validateTransaction =
  ({ program }: EntryParts): Entry =>
  (body, address, length) => {
    const { cursor } = program;
    body.run(call(cursor.enter, address, length));
    ensure(program, body, i32.le(call(cursor.u8), 2), BAD_ARGUMENTS);
    const size = body.word(call(cursor.length));
    const start = body.word(cursor.at);
    body.run(call(cursor.skip, size));
    const hash = body.word(call(cursor.take, HASH_LENGTH));
    const isWhole = i32.and(i32.not(cursor.fault), i32.eq(cursor.at, cursor.end));
    ensure(program, body, isWhole, BAD_ARGUMENTS);
    body.run(call(cursor.enter, start, size));
    body.return(call(program.validate, i32.add(size, prefixLength(body, size)), hash));
  };

type Answer = (body: Body, length: Variable<'i32'>) => void;

/** An encoded extrinsic, and a length: a bare one costs nothing. */
const extrinsicQuery =
  ({ program }: EntryParts, write: Answer): Entry =>
  (body, address, length) => {
    const { cursor, extrinsic, info, output } = program;
    body.run(call(cursor.enter, address, length));
    const size = body.word(call(cursor.length));
    const start = body.word(cursor.at);
    body.run(call(cursor.skip, size));
    const billed = body.word(i32.load(call(cursor.take, U32_LENGTH)));
    const isWhole = i32.and(i32.not(cursor.fault), i32.eq(cursor.at, cursor.end));
    ensure(program, body, isWhole, BAD_ARGUMENTS);
    body.run(call(cursor.enter, start, size));
    ensure(program, body, i32.not(call(extrinsic.read)), 'These bytes are no extrinsic of this runtime');
    body.if(i32.not(extrinsic.signer), () => body.set(info.pays, 0));
    body.run(call(output.begin));
    write(body, billed);
    body.return(call(output.finish));
  };

/** An encoded call, and a length. */
const callQuery =
  ({ program }: EntryParts, write: Answer): Entry =>
  (body, address, length) => {
    const { cursor, output } = program;
    ensure(program, body, i32.ge(length, U32_LENGTH), BAD_ARGUMENTS);
    const size = body.word(i32.sub(length, U32_LENGTH));
    body.run(call(cursor.enter, address, size));
    body.run(call(program.walkCall));
    const isWhole = i32.and(i32.not(cursor.fault), i32.eq(cursor.at, cursor.end));
    ensure(program, body, isWhole, BAD_ARGUMENTS);
    const billed = body.word(i32.load(i32.add(address, size)));
    body.run(call(output.begin));
    write(body, billed);
    body.return(call(output.finish));
  };

/** A `u128` of which only the lower half is used: all the money there is fits into it many times. */
const writeMoney = ({ output }: Program, body: Body, planck: Long): void => {
  body.run(call(output.u64, planck));
  body.run(call(output.u64, 0n));
};

const dispatchInfo =
  ({ program }: EntryParts): Answer =>
  (body, length) => {
    const { output, info, fees } = program;
    body.run(call(output.compact, info.refTime));
    body.run(call(output.compact, info.proofSize));
    body.run(call(output.u8, info.class));
    writeMoney(program, body, call(fees.total, length));
  };

const feeDetails =
  ({ program, facts }: EntryParts): Answer =>
  (body, length) => {
    const { output, info, fees } = program;
    body.run(call(output.u8, info.pays));
    body.if(info.pays, () => {
      writeMoney(program, body, facts.feeRates.base);
      writeMoney(program, body, call(fees.lengthFee, length));
      writeMoney(program, body, call(fees.weightFee));
    });
    writeMoney(program, body, 0n);
  };

const lengthToFee =
  ({ program }: EntryParts): Entry =>
  (body, address, length) => {
    ensure(program, body, i32.eq(length, U32_LENGTH), BAD_ARGUMENTS);
    body.run(call(program.output.begin));
    writeMoney(program, body, call(program.fees.lengthFee, i32.load(address)));
    body.return(call(program.output.finish));
  };

/** What this program can answer, by the names on the wire. */
export const entriesOf = (parts: EntryParts): ReadonlyMap<string, Entry> => {
  const { program, facts } = parts;
  const { ask } = facts.oracle;
  const fixed = (method: string) => [method, constant(program, ask(method))] as const;
  const entry = (method: string, pallet: string, item: string) =>
    [method, stored(program, [pallet, item], ask(method))] as const;
  return new Map<string, Entry>([
    fixed('Core_version'),
    fixed('Metadata_metadata'),
    fixed('Metadata_metadata_versions'),
    ['Metadata_metadata_at_version', metadataAtVersion(parts)],
    entry('AuraApi_slot_duration', 'Aura', 'SlotDuration'),
    entry('AuraApi_authorities', 'Aura', 'Authorities'),
    entry('GrandpaApi_grandpa_authorities', 'Grandpa', 'Authorities'),
    entry('GrandpaApi_current_set_id', 'Grandpa', 'CurrentSetId'),
    ['AccountNonceApi_account_nonce', accountNonce(parts)],
    ['TaggedTransactionQueue_validate_transaction', validateTransaction(parts)],
    ['TransactionPaymentApi_query_info', extrinsicQuery(parts, dispatchInfo(parts))],
    ['TransactionPaymentApi_query_fee_details', extrinsicQuery(parts, feeDetails(parts))],
    ['TransactionPaymentApi_query_length_to_fee', lengthToFee(parts)],
    ['TransactionPaymentCallApi_query_call_info', callQuery(parts, dispatchInfo(parts))],
    ['TransactionPaymentCallApi_query_call_fee_details', callQuery(parts, feeDetails(parts))],
    ['TransactionPaymentCallApi_query_length_to_fee', lengthToFee(parts)],
  ]);
};

/** For everything else that the metadata lists. */
export const unanswered =
  ({ program }: EntryParts, method: string): Entry =>
  (body) =>
    program.basics.fail(
      body,
      `${method} needs the rules themselves, which run in hamster-node: ask a full node by its JSON-RPC`,
    );
