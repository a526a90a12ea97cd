import { AccountId, defineEvents, DispatchError } from '@hamster/frame';
import { at, option, result, unit } from '@hamster/scale';

export const events = defineEvents('Sudo', {
  Sudid: at(0, { sudo_result: result(unit, DispatchError) }, ['A sudo call just took place.']),
  KeyChanged: at(1, { old: option(AccountId), new: AccountId }, ['The sudo key has been updated.']),
  KeyRemoved: at(2, null, ['The key was permanently removed.']),
  SudoAsDone: at(3, { sudo_result: result(unit, DispatchError) }, ['A sudo_as call just took place.']),
});
