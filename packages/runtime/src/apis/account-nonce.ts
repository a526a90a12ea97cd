import { AccountId } from '@hamster/frame';
import { nonceOf } from '@hamster/pallets';
import { u32 } from '@hamster/scale';
import { type Api, method } from './method.ts';

export const accountNonceApi = (): Api => ({
  name: 'AccountNonceApi',
  docs: ['Nonces of accounts.'],
  methods: [
    method('account_nonce', {
      inputs: { account: AccountId },
      output: u32,
      docs: 'Get current account nonce of given `AccountId`.',
      run: (state, { account }) => nonceOf({ state }, account),
    }),
  ],
});
