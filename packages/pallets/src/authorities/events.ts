import { defineEvents } from '@hamster/frame';
import { at, u32 } from '@hamster/scale';

export const events = defineEvents('Authorities', {
  NewSession: at(0, { session_index: u32 }, ['New session has happened: other keys are in force.']),
  NewQueued: at(1, null, ['Other keys wait for the next session.']),
});
