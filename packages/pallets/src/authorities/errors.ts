import { defineErrors } from '@hamster/frame';

export const errors = defineErrors('Authorities', {
  ChangePending: 'Another change takes effect with the next block: try again after it.',
  NoAuthorities: 'Without authorities nobody could make another block.',
  DuplicatedKey: 'Registered duplicate key: each authority has keys of its own.',
});
