import { Type, type Static } from '@hamster/daemon';
import { ApiError, type ApiApp } from '@hamster/daemon-api';
import { hamOf, planckOf } from '../ham.ts';
import type { MarketView } from '../market/market-view.ts';
import type { SettingsChange } from '../operator/settings-change.ts';
import { Prices, Size, Span, Time } from './forms.ts';
import type { ApiModules } from './modules.ts';

const Settings = Type.Object(
  {
    prices: Prices,
    capacity: Size('What is offered'),
    availableUntil: Time('Until when it is offered'),
    draining: Type.Boolean({ description: 'No further orders are taken; leases go on' }),
    maintenance: Type.Optional(Span),
    images: Type.Array(Type.String()),
    region: Type.String(),
  },
  { description: 'The offer, as it stands in the market' },
);

/** A change that changes nothing is a slip. */
const exact = { additionalProperties: false, minProperties: 1 };

/** A change in the form of the API; what is left out stays as it is. */
export const Change = Type.Object(
  {
    prices: Type.Optional(Type.Partial(Prices, exact)),
    capacity: Type.Optional(Type.Partial(Size('What to offer'), exact)),
    availableUntil: Type.Optional(Time('Until when to offer it')),
    draining: Type.Optional(Type.Boolean()),
    maintenance: Type.Optional(Span),
  },
  { ...exact, description: 'What to change; the rest stays' },
);

const Changed = Type.Object(
  { effects: Type.Array(Type.String(), { description: 'What it means and from when on, a sentence each' }) },
  { description: 'It is done: the chain has it' },
);

/** The longest that a change may take: it waits for a block. */
const CHANGE_MS = 90_000;

export function addSettingsRoutes(app: ApiApp, { market, operator }: ApiModules): void {
  const tags = ['market'];
  app.get('/settings', {
    schema: { summary: 'The offer', tags, response: { 200: Settings } },
    handler: async () => settingsOf(await market.current()),
  });
  app.patch('/settings', {
    schema: {
      summary: 'Change the offer while the daemon runs',
      description: 'All of it or nothing. The answer comes when a block has it.',
      tags,
      body: Change,
      response: { 200: Changed },
    },
    handler: async ({ body }) => {
      try {
        return { effects: await operator.change(changeOf(body), AbortSignal.timeout(CHANGE_MS)) };
      } finally {
        market.forget();
      }
    },
  });
}

export function changeOf({ prices, ...rest }: Static<typeof Change>): SettingsChange {
  const { core, memory, disk } = prices ?? {};
  return {
    ...rest,
    ...(prices && {
      prices: {
        ...(core !== undefined && { cpuCoreHour: planckOf(core) }),
        ...(memory !== undefined && { memoryGibHour: planckOf(memory) }),
        ...(disk !== undefined && { diskGibHour: planckOf(disk) }),
      },
    }),
  };
}

function settingsOf({ resource }: MarketView): Static<typeof Settings> {
  if (resource === undefined)
    throw new ApiError(409, 'NOT_REGISTERED', 'This machine is not in the market at present.');
  const { prices, capacity, availableUntil, status, maintenance, images, region } = resource;
  return {
    prices: {
      core: hamOf(prices.cpuCoreHour),
      memory: hamOf(prices.memoryGibHour),
      disk: hamOf(prices.diskGibHour),
    },
    capacity,
    availableUntil,
    draining: status === 'Draining',
    ...(maintenance && { maintenance }),
    images,
    region,
  };
}
