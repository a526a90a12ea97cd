import { type DecodedExtrinsic, InvalidTransaction, MemoryState } from '@hamster/frame';
import { createRuntime, HAM, PRESETS, type HamsterRuntime } from '@hamster/runtime';
import { BenchError } from '../errors.ts';
import { accounts, type Account } from './accounts.ts';
import { ExtrinsicMaker } from './extrinsic-maker.ts';

export interface LeasePlan {
  /** Leases of one hour, of two hours, and so on: how many of each length. */
  readonly perLength: number;
  readonly lengths: number;
}

/** Leases of one resource. */
const PER_RESOURCE = 100;
const RESOURCES_PER_PROVIDER = 10;
const LEASES_PER_RENTER = 50;
const EXTRINSICS_PER_BLOCK = 250;
const DAY = 86_400_000;
const HOUR = 600_000;
const START = 1_700_000_000_000n;
const HOST_KEY = 'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIAABAgMEBQYHCAkKCwwNDg8QERITFBUWFxgZGhscHR4f';
const PEER_ID = '12D3KooWQYV9dGMFoRzNStwpXztXaBUjtPqi6aU76ZgUriHhKust';
const CAPACITY = { cpu_cores: PER_RESOURCE, memory_mib: 64 * PER_RESOURCE, disk_gib: PER_RESOURCE, gpus: 0 };
const PRICES = { cpu_core_hour: HAM / 100n, memory_gib_hour: HAM / 1000n, disk_gib_hour: HAM / 1000n };
const SPEC = { cpu_cores: 1, memory_mib: 64, disk_gib: 1 };

/** A state with real leases, made by the calls that make leases on any chain; only nobody checked signatures. */
export class LeaseState {
  readonly runtime: HamsterRuntime = createRuntime();
  readonly state = new MemoryState();
  readonly #maker = new ExtrinsicMaker(this.runtime);
  readonly #nonces = new Map<Account, number>();
  #number = 0;
  #inBlock = 0;

  constructor({ perLength, lengths }: LeasePlan) {
    const people = peopleFor(perLength * lengths);
    for (const [key, value] of this.runtime.genesis(genesisFor(people, perLength)))
      this.state.put(key, value);
    this.#open();
    for (const provider of people.providers) this.#offer(provider);
    for (let index = 0; index < perLength * lengths; index++) {
      this.#rent(people, index, 1 + Math.floor(index / perLength));
    }
    this.runtime.finalizeBlock(this.state);
  }

  /** Of the block that closed this state. */
  get number(): number {
    return this.#number;
  }

  /** When the leases of so many hours are over, in ms. */
  static endOf(hours: number): bigint {
    return START + BigInt(hours * HOUR + HOUR / 2);
  }

  #offer(provider: Account): void {
    this.#send(provider, 'Provider', 'stake', 100_000n * HAM);
    const until = START + BigInt(300 * DAY);
    const place = ['debian-13', 'Kvm', 'cpu', 'eu'];
    for (let count = 0; count < RESOURCES_PER_PROVIDER; count++) {
      const [image, ...rest] = place;
      this.#send(
        provider,
        'Provider',
        'register_resource',
        PEER_ID,
        CAPACITY,
        PRICES,
        until,
        [image],
        ...rest,
      );
    }
  }

  #rent({ providers, renters }: People, index: number, hours: number): void {
    const resource = Math.floor(index / PER_RESOURCE);
    const provider = providers[Math.floor(resource / RESOURCES_PER_PROVIDER)];
    const renter = renters[index % renters.length];
    if (!provider || !renter) throw new BenchError('BENCH_WRONG_RESULT', 'There are too few accounts');
    const most = 100n * HAM;
    this.#send(
      renter,
      'ResourceOrder',
      'create_order',
      resource + 1,
      SPEC,
      hours,
      'debian-13',
      HOST_KEY,
      most,
    );
    this.#send(provider, 'ResourceOrder', 'accept_order', index + 1, HOST_KEY);
  }

  #open(): void {
    this.#number += 1;
    this.#inBlock = 0;
    const parentHash = new Uint8Array(32).fill(this.#number);
    this.runtime.initializeBlock(this.state, { number: this.#number, parentHash, digest: [] });
    const now = START + BigInt(this.#number);
    for (const bytes of this.runtime.inherents({ now })) {
      this.runtime.applyExtrinsic(this.state, this.runtime.decodeExtrinsic(bytes));
    }
  }

  #send(signer: Account, pallet: string, call: string, ...args: readonly unknown[]): void {
    if (this.#inBlock++ >= EXTRINSICS_PER_BLOCK) {
      this.runtime.finalizeBlock(this.state);
      this.#open();
    }
    const result = this.#applied(this.#extrinsic(signer, pallet, call, args));
    if (!result.ok)
      throw new BenchError('BENCH_WRONG_RESULT', `${pallet}.${call}: ${JSON.stringify(result.error)}`);
  }

  #applied(extrinsic: DecodedExtrinsic) {
    try {
      return this.runtime.applyExtrinsic(this.state, extrinsic);
    } catch (error) {
      if (!(error instanceof InvalidTransaction)) throw error;
      throw new BenchError('BENCH_WRONG_RESULT', error.message);
    }
  }

  #extrinsic(signer: Account, pallet: string, name: string, args: readonly unknown[]): DecodedExtrinsic {
    const nonce = this.#nonces.get(signer) ?? 0;
    this.#nonces.set(signer, nonce + 1);
    return this.#maker.signed(signer, nonce, this.#maker.call(`${pallet}.${name}`, ...args));
  }
}

interface People {
  readonly providers: readonly Account[];
  readonly renters: readonly Account[];
}

function peopleFor(leases: number): People {
  const providers = Math.ceil(leases / PER_RESOURCE / RESOURCES_PER_PROVIDER);
  const all = accounts(providers + Math.ceil(leases / LEASES_PER_RENTER));
  return { providers: all.slice(0, providers), renters: all.slice(providers) };
}

/** Nobody has to report, and so many tasks fit into a block as are due. */
function genesisFor({ providers, renters }: People, due: number) {
  const { balances } = PRESETS.dev['balances'] as { balances: readonly unknown[] };
  const orders = PRESETS.dev['resourceOrder'] as { parameters: object };
  const endowed = [...providers, ...renters].map(({ publicKey }) => [
    `0x${Buffer.from(publicKey).toString('hex')}`,
    String(1_000_000n * HAM),
  ]);
  const silence = { heartbeat_interval: 30 * DAY, suspend_after: 60 * DAY, fault_after: 180 * DAY };
  return {
    ...PRESETS.dev,
    balances: { balances: [...balances, ...endowed] },
    resourceOrder: { parameters: { ...orders.parameters, ...silence, due_per_block: due } },
  };
}
