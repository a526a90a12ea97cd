import { Type, type Static } from '@hamster/daemon';
import type { ApiApp } from '@hamster/daemon-api';
import { RELAY_LIMITS, type RelayLimits } from '@hamster/p2p';
import { hamText, planckOf } from '../ham.ts';
import { Bound, Ham } from './forms.ts';
import type { ApiModules } from './modules.ts';

/** Bounds that may change while the relay runs. Those of connections hold from the start. */
const LIMITS = {
  reservations: Bound('Providers that may be reached through this gateway'),
  reservationsPerAddress: Bound('Of those, from one IP address'),
  circuits: Bound('Relayed connections at once'),
  circuitsPerSource: Bound('Of those, from one client'),
  circuitsPerDestination: Bound('Of those, to one provider'),
  circuitBytes: Bound('Bytes after which a relayed connection is cut'),
  bytesPerDay: Bound('Bytes relayed in a day (UTC), in all'),
  sourceBytesPerDay: Bound('The same for one client'),
  bytesPerSecond: Bound('Rate of all relayed data'),
  sourceBytesPerSecond: Bound('Rate of one client, both directions'),
  bufferedBytes: Bound('Bytes that may wait for slow readers, in all'),
};
type LimitName = keyof typeof LIMITS;
const NAMES = Object.keys(LIMITS) as LimitName[];

const exact = { additionalProperties: false };
const Limits = Type.Object(LIMITS);
const ClaimForm = Type.Object({
  auto: Type.Boolean({ description: 'Claim by itself' }),
  minutes: Type.Integer({ minimum: 1, maximum: 10_080, description: 'Between two looks' }),
  atLeast: Ham('Less is left to grow'),
});
const Settings = Type.Object({ limits: Limits, claim: ClaimForm });
const Change = Type.Object(
  {
    limits: Type.Optional(Type.Partial(Limits, exact)),
    claim: Type.Optional(Type.Partial(ClaimForm, exact)),
  },
  exact,
);

export function addSettingsRoutes(app: ApiApp, modules: ApiModules): void {
  const { host, claiming } = modules;
  app.get('/limits', {
    schema: { summary: 'The bounds of the relay', tags: ['relay'], response: { 200: Limits } },
    handler: async () => limitsOf(host.relay.limits()),
  });
  app.get('/settings', {
    schema: { summary: 'What may be changed while it runs', tags: ['relay'], response: { 200: Settings } },
    handler: async () => settingsOf(modules),
  });
  app.patch('/settings', {
    schema: {
      summary: 'Change settings until the daemon ends',
      description: 'What is to outlive a restart belongs into the flags or the config file.',
      tags: ['relay'],
      body: Change,
      response: { 200: Settings },
    },
    handler: async ({ body: { limits, claim } }) => {
      if (limits) host.relay.setLimits(changeOf(limits));
      if (claim) {
        const { atLeast, ...rest } = claim;
        claiming.change({ ...rest, ...(atLeast !== undefined && { atLeast: planckOf(atLeast) }) });
      }
      return settingsOf(modules);
    },
  });
}

function settingsOf({ host, claiming }: ApiModules): Static<typeof Settings> {
  const { auto, minutes, atLeast } = claiming.settings();
  return { limits: limitsOf(host.relay.limits()), claim: { auto, minutes, atLeast: hamText(atLeast) } };
}

/** JSON has no Infinity. */
function limitsOf(limits: RelayLimits): Static<typeof Limits> {
  const entries = NAMES.map((name) => [name, Number.isFinite(limits[name]) ? limits[name] : null]);
  return Object.fromEntries(entries) as Static<typeof Limits>;
}

function changeOf(limits: Partial<Static<typeof Limits>>): Partial<RelayLimits> {
  const given = NAMES.filter((name) => name in limits && name in RELAY_LIMITS);
  return Object.fromEntries(given.map((name) => [name, limits[name] ?? Infinity]));
}
