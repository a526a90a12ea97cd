import { ensure, type FailureFactory } from '@hamster/frame';

import { isPlainText } from './text.ts';

export interface TextErrors {
  readonly TextTooLong: FailureFactory;
  readonly InvalidText: FailureFactory;
}

/** Refuses text that is longer than `max` bytes, or that would not show as it is. */
export const ensurePlainText = (text: Uint8Array, max: number, errors: TextErrors): void => {
  ensure(text.length <= max, errors.TextTooLong);
  ensure(isPlainText(text), errors.InvalidText);
};
