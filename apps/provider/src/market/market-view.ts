import type {
  Balance,
  ChainClient,
  Lease,
  Order,
  OrderParameters,
  ProviderParameters,
  Resource,
  StakeLedger,
} from '@hamster/chain-client';

/** What the chain says of this machine and its account at one moment. Times are ms since 1970, amounts planck. */
export interface MarketView {
  /** The time of the best block. */
  readonly chainTime: number;
  /** This machine's entry; undefined when it is not registered. */
  readonly resource: Resource | undefined;
  /** Machines of the same account, which share its stake. */
  readonly otherMachines: number;
  readonly stake: StakeLedger;
  readonly balance: Balance;
  /** Of this machine; closed ones too, as long as the chain keeps them. */
  readonly orders: readonly Order[];
  readonly leases: readonly Lease[];
  readonly rules: { readonly provider: ProviderParameters; readonly resourceOrder: OrderParameters };
}

export interface Whose {
  readonly address: string;
  readonly peerId: string;
}

const READ_TIMEOUT_MS = 15_000;
const FRESH_MS = 2_000;

export async function readMarket(
  client: ChainClient,
  { address, peerId }: Whose,
  signal?: AbortSignal,
): Promise<MarketView> {
  const patience = { timeoutMs: READ_TIMEOUT_MS, ...(signal && { signal }) };
  const state = await client.snapshot(patience);
  const [chainTime, resources, stake, balance, orders, leases, rules] = await Promise.all([
    state.now(patience),
    state.resourcesOf(address, patience),
    state.stake(address, patience),
    state.balance(address, patience),
    state.ordersOfProvider(address, patience),
    state.leasesOfProvider(address, patience),
    state.parameters(patience),
  ]);
  const resource = resources.find((candidate) => candidate.peerId === peerId);
  const ours = (entry: { readonly resource: number }): boolean => entry.resource === resource?.id;
  return {
    chainTime,
    resource,
    otherMachines: resources.length - (resource === undefined ? 0 : 1),
    stake,
    balance,
    orders: orders.filter(ours),
    leases: leases.filter(ours),
    rules,
  };
}

/** Reads that any number of askers share: the chain is asked once in two seconds at most. */
export class MarketViews {
  readonly #read: () => Promise<MarketView>;
  readonly #now: () => number;
  #latest: { readonly at: number; readonly view: Promise<MarketView> } | undefined;

  /** @param now of a clock that never goes back, ms. */
  constructor(read: () => Promise<MarketView>, now: () => number) {
    this.#read = read;
    this.#now = now;
  }

  current(): Promise<MarketView> {
    const at = this.#now();
    if (this.#latest !== undefined && at - this.#latest.at < FRESH_MS) return this.#latest.view;
    const view = this.#read();
    this.#latest = { at, view };
    // A failure is not shared with those who ask later.
    view.catch(() => (this.#latest = this.#latest?.view === view ? undefined : this.#latest));
    return view;
  }

  /** The next asker reads anew, as after a change. */
  forget(): void {
    this.#latest = undefined;
  }
}
