import type { Runtime, StateReader } from '@hamster/frame';
import { Overlay } from '@hamster/state';
import { RecordingState } from '../../execution/recording-state.ts';
import { unavailable } from '../errors.ts';

/** Keys that one call may read before it is too much to prove. */
const MOST_KEYS = 8192;

/**
 * The keys that a runtime API reads on a state. The rules here are not the program under `:code` that the light client
 * runs, but both read the same entries. A call that fails has read what shows that it must.
 * Stops where it takes long. Throws NOT_AVAILABLE where there are more keys than are proved.
 */
export function* keysOfCall(
  runtime: Runtime,
  state: StateReader,
  { method, args }: { readonly method: string; readonly args: Uint8Array },
): Generator<void, readonly Uint8Array[]> {
  const tooMany = () => unavailable(`A call that reads more than ${MOST_KEYS} keys`);
  const recording = new RecordingState(state, (count) => {
    if (count > MOST_KEYS) throw tooMany();
  });
  try {
    yield* runtime.callInSteps(new Overlay(recording), method, args);
  } catch {
    // The light client finds out by itself what is wrong with its call.
  }
  const keys = recording.seen();
  if (keys.length > MOST_KEYS) throw tooMany();
  return keys;
}
