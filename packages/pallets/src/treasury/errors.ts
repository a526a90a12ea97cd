import { defineErrors } from '@hamster/frame';

export const errors = defineErrors('Treasury', {
  ZeroAmount: 'The amount is zero.',
  InsufficientFunds: 'The treasury has not so much; it keeps the existential deposit.',
  OwnAccount: 'The treasury can not pay itself.',
});
