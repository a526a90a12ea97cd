import { type AccountId, type Context, isolated } from '@hamster/frame';

/** Moves money with `move`; where its receiver can't be paid (an account below the existential deposit), the treasury gets it. */
export const payOrTreasury = (
  ctx: Context,
  treasury: AccountId,
  to: AccountId,
  move: (to: AccountId) => void,
): void => {
  const outcome = isolated(ctx, 'pay', () => move(to));
  if (!outcome.ok) move(treasury);
};
