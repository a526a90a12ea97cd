import { Type, type Static } from '@hamster/daemon';
import { ApiError, type ApiApp } from '@hamster/daemon-api';
import { planckOf } from '../ham.ts';
import { Ham } from './forms.ts';
import type { ApiModules } from './modules.ts';

const exact = { additionalProperties: false };

export const Amount = Type.Object(
  { amount: Type.Optional(Ham('How much; all that can be had unless given')) },
  exact,
);
const Effects = Type.Array(Type.String(), { description: 'What it means, a sentence each' });
const Done = Type.Object({ effects: Effects }, { description: 'It is done: the chain has it' });
const Left = Type.Object(
  {
    left: Type.Boolean({
      description: 'Off the market. Else it drains: ask again when its leases have ended',
    }),
    effects: Effects,
  },
  { description: 'How far it has come' },
);

/** Two transactions may have to wait for a block each. */
const WORK_MS = 120_000;

/** Money and the way out. Whoever holds the token can send income to the operator's own address, and nowhere else. */
export function addPurseRoutes(app: ApiApp, { market, purse, payout }: ApiModules): void {
  const tags = ['market'];
  const description = 'The answer comes when a block has it.';
  const change = async <T>(work: (signal: AbortSignal) => Promise<T>): Promise<T> => {
    try {
      return await work(AbortSignal.timeout(WORK_MS));
    } finally {
      market.forget();
    }
  };
  app.post('/leave', {
    schema: {
      summary: 'Take the machine off the market and its stake out of service',
      description: `While leases or orders are there it only drains. ${description}`,
      tags,
      response: { 200: Left },
    },
    handler: () => change(async (signal) => toLeft(await purse.leave(signal))),
  });
  app.post('/stake/unstake', {
    schema: {
      summary: 'Take stake out of service',
      description,
      tags,
      body: Amount,
      response: { 200: Done },
    },
    handler: ({ body }) =>
      change(async (signal) => ({ effects: await purse.unstake(amountOf(body), signal) })),
  });
  app.post('/stake/withdraw', {
    schema: { summary: 'Get back the stake that has unbonded', description, tags, response: { 200: Done } },
    handler: () => change(async (signal) => ({ effects: await purse.withdraw(signal) })),
  });
  app.post('/income/payout', {
    schema: {
      summary: 'Send income to the address of --payout-to',
      description,
      tags,
      body: Amount,
      response: { 200: Done },
    },
    handler: ({ body }) =>
      change(async (signal) => {
        const { to, keep } = payout;
        if (to === undefined) throw noAddress();
        const form = { to, amount: amountOf(body), keep: planckOf(keep) };
        return { effects: await purse.payOut(form, signal) };
      }),
  });
}

function amountOf({ amount }: Static<typeof Amount>): bigint | undefined {
  return amount === undefined ? undefined : planckOf(amount);
}

function toLeft({ left, effects }: { left: boolean; effects: readonly string[] }): Static<typeof Left> {
  return { left, effects: [...effects] };
}

function noAddress(): ApiError {
  return new ApiError(
    409,
    'NO_PAYOUT_ADDRESS',
    'The daemon was told no address to pay out to. Start it with --payout-to, or use: hamster-provider pay-out --to <address>',
  );
}
