import { defineErrors } from '@hamster/frame';

export const errors = defineErrors('Validators', {
  AlreadyValidator: 'This account is a validator already.',
  NotValidator: 'This account is no validator.',
  TooManyValidators: 'There are 64 validators already.',
  LastValidator: 'The last validator can not be removed.',
  KeysInUse: 'Another validator has one of these keys.',
  NothingToClaim: 'No reward of this account waits.',
  InvalidParameters: 'The rules can not work with these parameters.',
});
