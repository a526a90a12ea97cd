import { Type, type Static, type TSchema } from '@hamster/daemon';
import { RELAY_LIMITS, type RelayLimits } from '@hamster/p2p';
import { hamText, planckOf } from '../ham.ts';
import type { ClaimSettings } from '../rewards/claiming.ts';
import { Bound, Ham, NewBound } from './forms.ts';

/** Bounds that may change while the relay runs. Those of connections hold from the start. */
const limitsBy = (bound: typeof Bound) => ({
  reservations: bound('Providers that may be reached through this gateway'),
  reservationsPerAddress: bound('Of those, from one IP address'),
  circuits: bound('Relayed connections at once'),
  circuitsPerSource: bound('Of those, from one client'),
  circuitsPerDestination: bound('Of those, to one provider'),
  circuitBytes: bound('Bytes after which a relayed connection is cut'),
  bytesPerDay: bound('Bytes relayed in a day (UTC), in all'),
  sourceBytesPerDay: bound('The same for one client'),
  bytesPerSecond: bound('Rate of all relayed data'),
  sourceBytesPerSecond: bound('Rate of one client, both directions'),
  bufferedBytes: bound('Bytes that may wait for slow readers, in all'),
});
const LIMITS = limitsBy(Bound);
type LimitName = keyof typeof LIMITS;
const NAMES = Object.keys(LIMITS) as LimitName[];

const CLAIM = {
  auto: Type.Boolean({ description: 'Claim by itself' }),
  minutes: Type.Integer({ minimum: 1, maximum: 10_080, description: 'Between two looks' }),
  atLeast: Ham('Less is left to grow'),
};

/** A change that changes nothing is a slip. */
const exact = { additionalProperties: false, minProperties: 1 };
export const Limits = Type.Object(LIMITS);
const Claim = Type.Object(CLAIM);

/** What may be changed while the gateway runs, in the form of the API. */
export const Settings = Type.Object({ limits: Limits, claim: Claim });
export type Settings = Static<typeof Settings>;

export const SettingsChange = Type.Object(
  {
    limits: Type.Optional(Type.Partial(Type.Object(limitsBy(NewBound)), exact)),
    claim: Type.Optional(Type.Partial(Claim, exact)),
  },
  exact,
);
export type SettingsChange = Static<typeof SettingsChange>;

const said = <S extends TSchema>(value: S) => Type.Optional(Type.Object({ value, insteadOf: value }));
const limitSaid = said(Bound('A bound'));

/** Each change with the setting that it took the place of. */
export const KeptSettings = Type.Object({
  limits: Type.Optional(Type.Record(Type.Enum(NAMES), limitSaid)),
  claim: Type.Optional(
    Type.Object({ auto: said(CLAIM.auto), minutes: said(CLAIM.minutes), atLeast: said(CLAIM.atLeast) }),
  ),
});

/** JSON has no Infinity. */
export function limitsForm(limits: RelayLimits): Static<typeof Limits> {
  const entries = NAMES.map((name) => [name, Number.isFinite(limits[name]) ? limits[name] : null]);
  return Object.fromEntries(entries) as Static<typeof Limits>;
}

export function claimForm({ auto, minutes, atLeast }: ClaimSettings): Static<typeof Claim> {
  return { auto, minutes, atLeast: hamText(atLeast) };
}

/** As the relay takes them. */
export function limitsIn({ limits = {} }: SettingsChange): Partial<RelayLimits> {
  const given = NAMES.filter((name) => name in limits && name in RELAY_LIMITS);
  return Object.fromEntries(given.map((name) => [name, limits[name] ?? Infinity]));
}

export function claimIn({ claim: { atLeast, ...rest } = {} }: SettingsChange): Partial<ClaimSettings> {
  return { ...rest, ...(atLeast !== undefined && { atLeast: planckOf(atLeast) }) };
}
