import { createLogger, type Logger } from '@hamster/daemon';
import { vi } from 'vitest';
import type { GatewayChain, GatewayEntry, RegisteredGateway } from '../src/chain/gateway-chain.ts';

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
  heartbeatInterval = 5;

  async rules() {
    this.#mustBeThere();
    return { minStake: 100n, heartbeatInterval: this.heartbeatInterval };
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
    this.now = { ...wanted, status: 'Online' };
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
    if (this.now) this.now = { ...this.now, status: 'Offline', stake: 0n };
  }
  async reset() {
    this.#send('reset');
    if (this.now) this.now = { ...this.now, status: 'Online' };
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

/** Waits for a condition; fails after 10 s. */
export function until(condition: () => boolean): Promise<void> {
  return vi.waitUntil(condition, { timeout: 10_000, interval: 5 }).then(() => undefined);
}
