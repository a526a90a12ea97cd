import { expect } from 'vitest';
import { HAM } from '../../src/index.ts';
import { type Key, keyOf, TestChain } from './chain.ts';
import { sign } from './sign.ts';

export const HOST_KEY = 'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIAABAgMEBQYHCAkKCwwNDg8QERITFBUWFxgZGhscHR4f';
const PEER_ID = '12D3KooWQYV9dGMFoRzNStwpXztXaBUjtPqi6aU76ZgUriHhKust';
export const SPEC = { cpuCores: 2, memoryMib: 2_048, diskGib: 20 };
const CAPACITY = { cpu_cores: 8, memory_mib: 16_384, disk_gib: 200, gpus: 0 };
const PRICES = { cpu_core_hour: HAM, memory_gib_hour: HAM / 10n, disk_gib_hour: HAM / 100n };
/** Of an hour of `SPEC`. */
export const PRICE = 2n * HAM + (2n * HAM) / 10n + (20n * HAM) / 100n;

export const [renter, provider] = [keyOf('Alice'), keyOf('Bob')];

/** A market on the whole runtime, moved by signed transactions. */
export class TestMarket extends TestChain {
  readonly #nonces = new Map<Key, number>();

  send(key: Key, pallet: string, call: string, ...args: readonly unknown[]): void {
    const nonce = this.#nonces.get(key) ?? 0;
    this.#nonces.set(key, nonce + 1);
    const [result] = this.block(sign(this, key, [pallet, call, ...args], { nonce }));
    expect(result).toMatchObject({ ok: true });
  }

  stake(amount = 1_000n * HAM): void {
    this.send(provider, 'Provider', 'stake', amount);
  }

  machine({ region = 'eu', until = 1_700_000_000_000n + 30n * 86_400_000n } = {}): void {
    const args = [PEER_ID, CAPACITY, PRICES, until, ['debian-13'], 'Kvm', 'cpu', region];
    this.send(provider, 'Provider', 'register_resource', ...args);
  }

  order(resource = 1, spec = SPEC): void {
    const args = [resource, spec, 2, 'debian-13', HOST_KEY, 100n * HAM];
    this.send(renter, 'ResourceOrder', 'create_order', ...args);
  }

  accept(order: number): void {
    this.send(provider, 'ResourceOrder', 'accept_order', order, HOST_KEY);
  }
}
