import type { Runtime, StateReader } from '@hamster/frame';
import { Overlay } from '@hamster/state';
import { RecordingState } from '../../execution/recording-state.ts';
import { unavailable } from '../errors.ts';

/** Keys that one call may read before it is too much to prove. */
const MOST_KEYS = 8192;

/**
 * The keys that a runtime API reads on a state. The rules here are not the program under `:code` that the light client
 * runs, but both read the same entries. A call that fails has read what shows that it must.
 */
export function keysOfCall(
  runtime: Runtime,
  state: StateReader,
  { method, args }: { readonly method: string; readonly args: Uint8Array },
): readonly Uint8Array[] {
  const recording = new RecordingState(state, (count) => {
    if (count > MOST_KEYS) throw unavailable(`A call that reads more than ${MOST_KEYS} keys`);
  });
  try {
    runtime.call(new Overlay(recording), method, args);
  } catch {
    // The light client finds out by itself what is wrong with its call.
  }
  return [...recording.seen()];
}
