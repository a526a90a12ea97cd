import { AccountId } from '@hamster/frame';
import type { WithdrawableRead } from '@hamster/pallets';
import { type Arms, field, option, struct, type Type, u128, u64, variant, vec } from '@hamster/scale';
import { type Api, method } from './method.ts';
import type { ApiParts } from './parts.ts';

const sourceType = (names: readonly string[]) =>
  variant(
    'hamster_primitives::WithdrawableSource',
    Object.fromEntries(names.map((name) => [name, null])) as Arms,
  ) as Type<{ readonly type: string }>;

const withdrawableType = (names: readonly string[]) =>
  struct('hamster_primitives::Withdrawable', {
    source: field(sourceType(names), 'Where it waits.'),
    available: field(u128, 'What a call would pay out in the next block, planck.'),
    pending: field(u128, 'What comes later, because it unbonds still or secures leases; planck.'),
    next_at: field(option(u64), 'When the next part of it has unbonded, ms.'),
  });

export const withdrawableApi = ({ composition, reads }: ApiParts): Api => {
  const sources: readonly (readonly [string, WithdrawableRead])[] = Object.entries(reads.withdrawables);
  return {
    name: 'WithdrawableApi',
    docs: ['Money that an account may take.'],
    methods: [
      method('withdrawable', {
        inputs: { account: AccountId },
        output: vec(withdrawableType(sources.map(([name]) => name))),
        docs: [
          'Stakes that have unbonded or still unbond, and rewards that wait to be claimed; one entry for each source',
          'from which the account has something to come.',
        ],
        run(state, { account }) {
          const ctx = composition.context(state);
          return sources.flatMap(([type, read]) => {
            const found = read(ctx, account);
            return found ? [{ source: { type }, ...found }] : [];
          });
        },
      }),
    ],
  };
};
