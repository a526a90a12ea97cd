import { defineErrors } from '@hamster/frame';

export const errors = defineErrors('Utility', { TooManyCalls: 'Too many calls batched.' });
