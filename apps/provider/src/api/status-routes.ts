import { hiddenBecause } from '@hamster/chain-client/market';
import { Type, type Static } from '@hamster/daemon';
import { LogLine, type ApiApp } from '@hamster/daemon-api';
import { Check } from '../doctor/check.ts';
import type { MarketView } from '../market/market-view.ts';
import { PulseState } from '../pulse.ts';
import { Time } from './forms.ts';
import type { ApiModules } from './modules.ts';

const Status = Type.Object(
  {
    version: Type.String(),
    account: Type.String({ description: 'The account that stakes and is paid, SS58' }),
    peer: Type.String({ description: 'Peer id under which renters reach this machine' }),
    driver: Type.String({ description: 'libvirt, docker or process' }),
    chain: Type.Object({
      name: Type.String(),
      url: Type.String(),
      state: Type.String({ description: 'connected, reconnecting or closed' }),
    }),
    market: Type.Object(
      {
        known: Type.Boolean({ description: 'False while the chain cannot be asked' }),
        chainTime: Type.Optional(Time('The newest block')),
        resource: Type.Optional(Type.Integer({ description: "The machine's number in the market" })),
        status: Type.Optional(Type.String({ description: 'Online, Draining or Offline' })),
        closedBecause: Type.Optional(
          Type.String({ description: 'Why no orders come; missing when they can' }),
        ),
      },
      { description: 'How the chain has this machine' },
    ),
    pulse: PulseState,
  },
  { description: 'How the daemon and its offer stand' },
);

const Logs = Type.Object({ lines: Type.Array(LogLine) }, { description: 'The newest line is the last' });
const Diagnosis = Type.Object(
  { open: Type.Boolean({ description: 'Nothing stops orders' }), checks: Type.Array(Check) },
  { description: 'Why orders come or do not' },
);

const DEFAULT_LINES = 100;

export function addStatusRoutes(app: ApiApp, modules: ApiModules): void {
  const tags = ['daemon'];
  app.get('/status', {
    schema: { summary: 'How the daemon and its offer stand', tags, response: { 200: Status } },
    handler: () => statusOf(modules),
  });
  app.get('/logs', {
    schema: {
      summary: 'The last lines of the log',
      tags,
      querystring: Type.Object({
        lines: Type.Optional(
          Type.Integer({ minimum: 1, maximum: 500, description: 'How many; 100 unless given' }),
        ),
      }),
      response: { 200: Logs },
    },
    handler: async ({ query }) => ({ lines: modules.logs.last(query.lines ?? DEFAULT_LINES) }),
  });
  app.get('/doctor', {
    schema: { summary: 'Why orders come or do not', tags, response: { 200: Diagnosis } },
    handler: async () => {
      const checks = [...(await modules.doctor())];
      return { open: !checks.some(({ verdict }) => verdict === 'stops'), checks };
    },
  });
}

async function statusOf(modules: ApiModules): Promise<Static<typeof Status>> {
  const { version, address, peerId, driver, client, pulse, market } = modules;
  const { name, url } = client.chain;
  // A chain that is away is a part of the answer: the rest is known all the same.
  const view = client.state() === 'connected' ? await market.current().catch(() => undefined) : undefined;
  return {
    version,
    account: address,
    peer: peerId,
    driver: driver.kind,
    chain: { name, url, state: client.state() },
    market: view === undefined ? { known: false } : marketOf(view),
    pulse: pulse.state(),
  };
}

function marketOf({ chainTime, resource, stake, rules }: MarketView): Static<typeof Status>['market'] {
  if (resource === undefined) return { known: true, chainTime, closedBecause: 'is not registered' };
  const closedBecause = hiddenBecause(resource, stake, rules.provider, chainTime);
  const { id, status } = resource;
  return { known: true, chainTime, resource: id, status, ...(closedBecause && { closedBecause }) };
}
