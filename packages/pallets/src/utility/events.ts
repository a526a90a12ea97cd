import { defineEvents, DispatchError } from '@hamster/frame';
import { at, u32 } from '@hamster/scale';

export const events = defineEvents('Utility', {
  BatchInterrupted: at(0, { index: u32, error: DispatchError }, [
    'Batch of dispatches did not complete fully. Index of first failing dispatch given, as well as the error.',
  ]),
  BatchCompleted: at(1, null, ['Batch of dispatches completed fully with no error.']),
  BatchCompletedWithErrors: at(2, null, ['Batch of dispatches completed but has errors.']),
  ItemCompleted: at(3, null, ['A single item within a Batch of dispatches has completed with no error.']),
  ItemFailed: at(4, { error: DispatchError }, [
    'A single item within a Batch of dispatches has completed with error.',
  ]),
});
