import type { AccountId } from '@hamster/frame';
import fc from 'fast-check';

import { Gateways, Unbonding } from '../../src/gateway/storage.ts';
import { Resources, Stakes } from '../../src/provider/storage.ts';
import type { Resource } from '../../src/provider/types.ts';
import { CAPACITY, DAY, HAM, IMAGE, OTHER_PEER_ID, utf8 } from './fixtures.ts';
import type { Attempt, Move } from './hostile.ts';
import type { Market } from './market.ts';

const pickFrom = <T>(items: Iterable<T>, pick: number): T | undefined => {
  const list = [...items];
  return list[pick % Math.max(1, list.length)];
};

type OwnersCall = 'update_capacity' | 'set_available_until' | 'update_endpoint' | 'remove_resource';

/** What an owner says of a machine; more of it than there is of `CAPACITY`, so that it always fits. */
const argumentsOf = (m: Market, resource: bigint): Readonly<Record<OwnersCall, object>> => ({
  update_capacity: { resource, capacity: { ...CAPACITY, cpu_cores: 16 } },
  set_available_until: { resource, until: m.chain.ctx.now + 300n * DAY },
  update_endpoint: { resource, peer_id: OTHER_PEER_ID, images: [IMAGE] },
  remove_resource: { resource },
});

const isFree = ([, { allocated }]: readonly [bigint, Resource]): boolean => allocated.cpu_cores === 0;

/** One of the two first machines is never removed: there has to be something to rent. */
const machineFor = (m: Market, name: OwnersCall, pick: number) => {
  const all = [...Resources.entries(m.chain.ctx)];
  return pickFrom(name === 'remove_resource' ? all.filter(isFree).filter(([id]) => id > 2n) : all, pick);
};

const manage =
  (pick: number, name: OwnersCall): Attempt =>
  (m) => {
    const [resource, found] = machineFor(m, name, pick) ?? [0n, undefined];
    if (!found) return undefined;
    return { who: found.owner, name, call: m.provider[name], args: { ...argumentsOf(m, resource)[name] } };
  };

const unstakeSome =
  (pick: number): Attempt =>
  (m) => {
    const [who, ledger] = pickFrom(Stakes.entries(m.chain.ctx), pick) ?? [];
    if (!who || !ledger || ledger.active < HAM) return undefined;
    return { who, name: 'unstake', call: m.provider.unstake, args: { amount: ledger.active / 50n } };
  };

const take = (who: AccountId | undefined, move: Pick<Move, 'name' | 'call'>): Move | undefined =>
  who && { who, args: {}, ...move };

const withdrawStake =
  (pick: number): Attempt =>
  (m) => {
    const owed = [...Stakes.entries(m.chain.ctx)].filter(([, { unbonding }]) => unbonding.length > 0);
    return take(pickFrom(owed, pick)?.[0], {
      name: 'withdraw_unbonded',
      call: m.provider.withdraw_unbonded,
    });
  };

const withdrawGateway =
  (pick: number): Attempt =>
  (m) =>
    take(pickFrom(Unbonding.entries(m.chain.ctx), pick)?.[0], {
      name: 'withdraw_unbonded',
      call: m.gateway.withdraw_unbonded,
    });

const leaveAsGateway =
  (pick: number): Attempt =>
  (m) =>
    take(pickFrom(Gateways.entries(m.chain.ctx), pick)?.[0], {
      name: 'go_offline',
      call: m.gateway.go_offline,
    });

const moveAsGateway =
  (pick: number): Attempt =>
  (m) => {
    const [who] = pickFrom(Gateways.entries(m.chain.ctx), pick) ?? [];
    const args = { peer_id: OTHER_PEER_ID, multiaddrs: [utf8('/ip4/198.51.100.8/tcp/4001')] };
    return who && { who, name: 'update_endpoint', call: m.gateway.update_endpoint, args };
  };

const pick = fc.nat({ max: 10_000 });
const owners = fc.constantFrom<OwnersCall[]>(
  ...(['update_capacity', 'set_available_until', 'update_endpoint', 'remove_resource'] as const),
);

/** Providers and gateways who look after what they have, and who leave with it. */
export const sensibleOwner: fc.Arbitrary<Attempt> = fc.oneof(
  { weight: 4, arbitrary: fc.tuple(pick, owners).map((args) => manage(...args)) },
  pick.map(unstakeSome),
  { weight: 3, arbitrary: pick.map(withdrawStake) },
  { weight: 3, arbitrary: pick.map(withdrawGateway) },
  pick.map(leaveAsGateway),
  pick.map(moveAsGateway),
);
