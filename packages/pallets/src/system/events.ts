import { AccountId, defineEvents, DispatchError, DispatchEventInfo, H256 } from '@hamster/frame';
import { at } from '@hamster/scale';

export const events = defineEvents('System', {
  ExtrinsicSuccess: at(0, { dispatch_info: DispatchEventInfo }, ['An extrinsic completed successfully.']),
  ExtrinsicFailed: at(1, { dispatch_error: DispatchError, dispatch_info: DispatchEventInfo }, [
    'An extrinsic failed.',
  ]),
  CodeUpdated: at(2, null, ['`:code` was updated.']),
  NewAccount: at(3, { account: AccountId }, ['A new account was created.']),
  KilledAccount: at(4, { account: AccountId }, ['An account was reaped.']),
  Remarked: at(5, { sender: AccountId, hash: H256 }, ['On on-chain remark happened.']),
});
