import type { Runtime, StateReader } from '@hamster/frame';
import { Overlay } from '@hamster/state';
import { RecordingState } from './recording-state.ts';

/**
 * The keys that a runtime API reads on a state. The rules here are not the program under `:code` that the light client
 * runs, but both read the same entries. A call that fails has read what shows that it must.
 */
export function keysOfCall(
  runtime: Runtime,
  state: StateReader,
  { method, args }: { readonly method: string; readonly args: Uint8Array },
): readonly Uint8Array[] {
  const recording = new RecordingState(state);
  try {
    runtime.call(new Overlay(recording), method, args);
  } catch {
    // The light client finds out by itself what is wrong with its call.
  }
  return [...recording.seen()];
}
