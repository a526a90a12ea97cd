import { createLogger, type Logger } from '@hamster/daemon';
import { vi } from 'vitest';
import type { GatewayChain, GatewayEntry, RegisteredGateway, Unbonding } from '../src/chain/gateway-chain.ts';

export const silent: Logger = createLogger({
  name: 'test',
  level: 'silent',
  json: true,
  output: { write: () => undefined },
});

export const entry = { peerId: '12D3KooWpeer', multiaddrs: ['/ip4/127.0.0.1/tcp/4001'], region: 'local' };

/** A chain in memory that does what the gateway pallet would, and remembers what was sent. */
export class FakeChain implements GatewayChain {
  readonly sent: string[] = [];
  now: RegisteredGateway | undefined;
  peers: string[] = [];
  away = false;
  /** Questions that found nobody. */
  missed = 0;
  /** Questions after the rewards. */
  looks = 0;
  heartbeatInterval = 5;
  coolDown = 1000;
  clock = 1_000_000;
  claimable = 0n;
  unbonds: Unbonding | undefined;

  async rules() {
    this.#mustBeThere();
    return { minStake: 100n, heartbeatInterval: this.heartbeatInterval, coolDown: this.coolDown };
  }
  async registered() {
    this.#mustBeThere();
    return this.now;
  }
  async providers() {
    this.#mustBeThere();
    return this.peers;
  }
  async register(wanted: GatewayEntry) {
    this.#send('register');
    this.now = { ...wanted, status: 'Online', lastHeartbeat: this.clock, droppedAt: undefined };
  }
  async updateEndpoint({ peerId, multiaddrs }: GatewayEntry) {
    this.#send('updateEndpoint');
    if (this.now) this.now = { ...this.now, peerId, multiaddrs };
  }
  async heartbeat() {
    this.#send('heartbeat');
  }
  async goOnline() {
    this.#send('goOnline');
    if (this.now) this.now = { ...this.now, status: 'Online' };
  }
  async goOffline() {
    this.#send('goOffline');
    if (!this.now) return;
    if (this.now.stake > 0n) this.unbonds = { amount: this.now.stake, unlockAt: this.clock + 60_000 };
    this.now = { ...this.now, status: 'Offline', stake: 0n };
  }
  async reset() {
    this.#send('reset');
    if (this.now) this.now = { ...this.now, status: 'Online' };
  }

  async rewards() {
    this.#mustBeThere();
    this.looks += 1;
    return { claimable: this.claimable, nextAt: undefined };
  }
  async claim() {
    this.#send('claim');
    const amount = this.claimable;
    this.claimable = 0n;
    return amount;
  }
  async unbonding() {
    return this.unbonds;
  }
  async withdraw() {
    this.#send('withdraw');
    if (!this.unbonds) this.now = undefined;
    return this.unbonds?.amount;
  }
  async money() {
    return { transferable: 5n * 10n ** 12n, held: this.now?.stake ?? 0n };
  }
  async time() {
    return this.clock;
  }

  #send(call: string): void {
    this.#mustBeThere();
    this.sent.push(call);
  }

  #mustBeThere(): void {
    if (!this.away) return;
    this.missed += 1;
    throw new TypeError('the chain is away');
  }
}

/** Waits for a condition; fails after 25 s. */
export function until(condition: () => boolean): Promise<void> {
  return vi.waitUntil(condition, { timeout: 25_000, interval: 5 }).then(() => undefined);
}
