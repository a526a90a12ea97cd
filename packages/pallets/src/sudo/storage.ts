import { AccountId, palletStorage } from '@hamster/frame';

export const Key = palletStorage('Sudo').value('Key', {
  type: AccountId,
  docs: ['The `AccountId` of the sudo key.'],
});
