import { type AccountId, bytesEqual, type Context, ensureInvariant, portion } from '@hamster/frame';

import type { GatewayConfig } from './config.ts';
import {
  Agenda,
  Checks,
  Committed,
  Era,
  EraPoints,
  EraRewards,
  Gateways,
  OldestEra,
  Unbonding,
} from './storage.ts';
import { MAX_CLAIMABLE_ERAS } from './types.ts';

const checkStake = (ctx: Context, { currency }: GatewayConfig, who: AccountId): void => {
  const explained = (Gateways.get(ctx, who)?.stake ?? 0n) + (Unbonding.get(ctx, who)?.amount ?? 0n);
  const held = currency.held(ctx, 'GatewayStake', who);
  ensureInvariant(held === explained, `${held} is held as gateway stake, but entries explain ${explained}`);
};

const checkGateways = (ctx: Context, config: GatewayConfig): void => {
  const checks = [...Agenda.entries(ctx)].flatMap(([, task]) =>
    task.type === 'CheckGateway' ? [task.value.join()] : [],
  );
  let online = 0;
  for (const [who, { status, stake }] of Gateways.entries(ctx)) {
    checkStake(ctx, config, who);
    if (status.type === 'Online') online += 1;
    const count = checks.filter((checked) => checked === who.join()).length;
    const due = status.type === 'Online' ? 1 : 0;
    ensureInvariant(count === due, `a gateway that is ${status.type} has ${count} checks`);
    ensureInvariant(status.type !== 'Offline' || stake === 0n, 'a gateway that is offline has stake');
  }
  ensureInvariant(checks.length === online, 'a check looks at no gateway');
  for (const [who, { amount }] of Unbonding.entries(ctx)) {
    checkStake(ctx, config, who);
    ensureInvariant(amount > 0n, 'an empty amount unbonds');
  }
};

/** The noted appointments are those of the agenda. */
const checkKeys = (ctx: Context): void => {
  const known = new Map([...Agenda.entries(ctx)].map(([key, task]) => [`${key.due} ${key.sequence}`, task]));
  let noted = 0;
  for (const [who, { due, sequence }] of Checks.entries(ctx)) {
    noted += 1;
    const task = known.get(`${due} ${sequence}`);
    const isRight = task?.type === 'CheckGateway' && bytesEqual(task.value, who);
    ensureInvariant(isRight, 'the check of a gateway is not on the agenda');
  }
  const waiting = [...known.values()].filter(({ type }) => type === 'CheckGateway').length;
  ensureInvariant(noted === waiting, `${waiting} checks wait, but ${noted} are noted`);
};

/** What the entries of an era are worth is there to be paid, and no time was counted that nobody proved. */
const checkEra = (ctx: Context, era: number, isRunning: boolean): bigint => {
  const { points, pot, unclaimed } = EraRewards.get(ctx, era);
  const entries = [...EraPoints.entriesOf(ctx, era)].map(([, value]) => value);
  const sum = entries.reduce((total, value) => total + value, 0n);
  const isExplained = isRunning ? sum === points : sum <= points;
  ensureInvariant(isExplained, `era ${era} has ${points} ms, but its gateways have ${sum}`);
  const worth = entries.reduce((total, value) => total + portion(pot, value, points), 0n);
  ensureInvariant(worth <= unclaimed && unclaimed <= pot, `era ${era} owes ${worth} of ${unclaimed}`);
  return unclaimed;
};

const checkRewards = (ctx: Context, { currency, pot }: GatewayConfig): void => {
  const { index } = Era.get(ctx);
  const oldest = OldestEra.get(ctx);
  let owed = 0n;
  for (let era = oldest; era <= index; era += 1) owed += checkEra(ctx, era, era === index);
  const committed = Committed.get(ctx);
  ensureInvariant(owed === committed, `${committed} is committed to rewards, but eras owe ${owed}`);
  ensureInvariant(currency.spendable(ctx, pot) >= committed, `the pot has not the ${committed} that it owes`);
  const isKept = [...EraRewards.entries(ctx)].every(([era]) => era >= oldest && era <= index);
  ensureInvariant(isKept && index - oldest <= MAX_CLAIMABLE_ERAS + 1, 'eras are kept that nobody can claim');
  const clearing = new Set(
    [...Agenda.entries(ctx)].flatMap(([, task]) => (task.type === 'ClearEra' ? [task.value] : [])),
  );
  const isClean = [...EraPoints.entries(ctx)].every(([[era]]) => era >= oldest || clearing.has(era));
  ensureInvariant(isClean, 'an era that is over is never cleared');
};

/** Stake held = stake of the gateway + what unbonds; a gateway that is online is looked at, once; rewards are covered. */
export const tryState =
  (config: GatewayConfig) =>
  (ctx: Context): void => {
    checkGateways(ctx, config);
    checkKeys(ctx);
    checkRewards(ctx, config);
  };
