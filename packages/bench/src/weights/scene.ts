import { MemoryState } from '@hamster/frame';
import { HAM } from '@hamster/runtime';
import type { Account } from '../chain/accounts.ts';
import { at, type Cast, DAY, genesisOf, LONGEST } from './cast.ts';
import { Chain, type Rules } from './chain.ts';

const START = 1_700_000_000_000;
/** As many prices as may lie ahead of a lease. */
export const STRETCHES = 8;
/** As many chunks of stake as may unbond at once, but for one. */
const CHUNKS = 31;
/** So many times that the chain stood still are remembered. */
const STANDSTILLS = 8;

export const MACHINE = { cpu_cores: 1_000, memory_mib: 1_000_000, disk_gib: 10_000, gpus: 0 };
export const SLICE = { cpu_cores: 1, memory_mib: 64, disk_gib: 1 };
export const MOST = String(100n * HAM);

/** Of an hour of a core, a GiB, a GiB; `step` makes it another price. */
export const pricesAt = (step: number) => ({
  cpu_core_hour: String((HAM * BigInt(100 + step)) / 100n),
  memory_gib_hour: String(HAM / 1000n),
  disk_gib_hour: String(HAM / 1000n),
});

/** The state that every measurement begins with: everything in it as large as the rules let it be. The last block is closed. */
export function sceneOf(rules: Rules, cast: Cast): { state: MemoryState; chain: Chain } {
  const state = new MemoryState();
  for (const [key, value] of rules.runtime.genesis(genesisOf(cast))) state.put(key, value);
  const chain = new Chain(rules, state, { number: 0, now: START });
  chain.open();
  for (let count = 0; count < STANDSTILLS; count++) chain.next(60_000);
  offer(chain, cast);
  rent(chain, cast);
  for (const gateway of cast.gateways) register(chain, gateway);
  chain.close();
  return { state, chain };
}

/** What `register_resource` is called with: a machine with the longest description. */
export const machine = (chain: Chain): readonly unknown[] => {
  const until = chain.moment.now + 390 * DAY;
  const [images, model, region] = [LONGEST.images, LONGEST.text(64), LONGEST.text(32)];
  return [LONGEST.peerId, MACHINE, pricesAt(0), until, images, 'Kvm', model, region];
};

function offer(chain: Chain, { providers }: Cast): void {
  for (const provider of providers) {
    chain.send(provider, 'Provider.stake', String(100_000n * HAM));
    chain.send(provider, 'Provider.register_resource', ...machine(chain));
  }
  for (let count = 0; count < CHUNKS; count++) {
    chain.next();
    for (const provider of providers) chain.send(provider, 'Provider.unstake', String(HAM));
  }
}

/** What `create_order` of a slice is called with. */
export const slice = (resource: number, hours = 2): readonly unknown[] => {
  const [image] = LONGEST.images;
  return [resource, SLICE, hours, image, LONGEST.sshKey, MOST];
};

export const orderSlice = (chain: Chain, renter: Account, resource: number, hours?: number): void =>
  chain.send(renter, 'ResourceOrder.create_order', ...slice(resource, hours));

/** The lease at an index has the number behind it, as its machine has. */
function rent(chain: Chain, { providers, renters }: Cast): void {
  for (const [index, renter] of renters.entries()) {
    chain.send(renter, 'Provider.stake', String(HAM));
    orderSlice(chain, renter, index + 1);
    chain.send(at(providers, index), 'ResourceOrder.accept_order', index + 1, LONGEST.sshKey);
  }
  for (let step = 1; step <= STRETCHES; step++) {
    for (const [index, renter] of renters.entries()) {
      chain.send(at(providers, index), 'Provider.update_prices', index + 1, pricesAt(step));
      chain.send(renter, 'ResourceOrder.extend_lease', index + 1, 1, MOST);
    }
  }
}

/** What `register` of a gateway is called with. */
export const relay: readonly unknown[] = [
  LONGEST.peerId,
  LONGEST.addresses,
  LONGEST.text(32),
  String(1_000n * HAM),
];

export const register = (chain: Chain, gateway: Account): void =>
  chain.send(gateway, 'Gateway.register', ...relay);
