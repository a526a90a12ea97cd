import type { Runtime, StateReader } from '@hamster/frame';
import { fixedBytes, tuple, u64, vec } from '@hamster/scale';
import { Overlay } from '@hamster/state';
import type { ValidatorSet } from './consensus.ts';

const AUTHORS = vec(fixedBytes(32));
const VOTERS = vec(tuple(fixedBytes(32), u64));
const NOTHING = new Uint8Array();

const ask = (runtime: Runtime, state: StateReader, method: string): Uint8Array =>
  runtime.call(new Overlay(state), method, NOTHING);

/** The validator set, as the runtime tells it of a state. */
export function validatorsOf(runtime: Runtime, state: StateReader): ValidatorSet {
  return {
    id: u64.decode(ask(runtime, state, 'GrandpaApi_current_set_id')),
    authors: AUTHORS.decode(ask(runtime, state, 'AuraApi_authorities')),
    voters: VOTERS.decode(ask(runtime, state, 'GrandpaApi_grandpa_authorities')).map(([key, weight]) => ({
      key,
      weight,
    })),
  };
}

/** Length of a slot in ms: the same in every state of a chain. */
export const slotDurationOf = (runtime: Runtime, state: StateReader): bigint =>
  u64.decode(ask(runtime, state, 'AuraApi_slot_duration'));
