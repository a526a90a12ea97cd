import { describe, expect, it } from 'vitest';
import { diagnose } from '../src/doctor/diagnose.ts';
import type { ChainFacts, Facts } from '../src/doctor/facts.ts';
import { HAM, HOUR, market, NOW, resource } from './market-fixture.ts';
import { quietPulse } from './fakes.ts';

const chainFacts = (changes: Partial<ChainFacts> = {}): ChainFacts => ({
  url: 'ws://node',
  syncing: false,
  behind: false,
  markPath: '/home/seen.json',
  leftAt: undefined,
  market: market(),
  gateways: 2,
  beatFee: HAM / 10_000n,
  ...changes,
});

const daemon = (changes: object = {}) => ({
  ...quietPulse().state(),
  startedAt: NOW - HOUR,
  heartbeat: { lastAt: NOW - 60_000, sent: 12, failed: 0 },
  gateways: ['12D3gw'],
  leases: 1,
  ...changes,
});

const facts = (changes: Partial<Facts> = {}): Facts => ({
  now: NOW,
  account: { value: 'bob' },
  chain: { value: chainFacts() },
  capacity: {
    value: { cpuCores: 8, memoryMib: 16_384, diskGib: 400, virtualization: 'Kvm', cpuModel: 'cpu' },
  },
  images: { value: ['debian-12'] },
  selfTest: { value: { passed: true, checks: [] } },
  freeMemoryMib: 8_000,
  freeDiskMib: 100_000,
  daemon: daemon(),
  route: { value: true },
  ...changes,
});

const withMarket = (changes: Parameters<typeof market>[0]): Facts =>
  facts({ chain: { value: chainFacts({ market: market(changes) }) } });

const stopping = (found: Facts): string[] =>
  diagnose(found)
    .filter(({ verdict }) => verdict === 'stops')
    .map(({ name }) => name);

const detail = (found: Facts, name: string): string | undefined =>
  diagnose(found).find((check) => check.name === name)?.detail;

describe('the doctor', () => {
  it('finds nothing where orders can come', () => {
    expect(diagnose(facts()).filter(({ verdict }) => verdict !== 'ok')).toEqual([]);
  });

  it('advises no mere start where the operator took the machine off the market', () => {
    const left = chainFacts({ market: market({ resource: undefined }), leftAt: NOW });
    expect(detail(facts({ chain: { value: left } }), 'registered')).toContain('--rejoin');
  });

  it('notes an image that is missing, as the others are offered', () => {
    const found = facts({ daemon: daemon({ hindrances: [{ stops: false, detail: 'No image gone.' }] }) });
    expect(stopping(found)).toEqual([]);
    expect(detail(found, 'orders')).toContain('No image gone. The other images are offered');
  });

  it.each<[string, Facts]>([
    ['chain', facts({ chain: { trouble: 'ws://node does not answer.' } })],
    ['chain', facts({ chain: { value: chainFacts({ syncing: true }) } })],
    ['chain', facts({ chain: { value: chainFacts({ behind: true }) }, now: NOW + HOUR })],
    ['clock', facts({ now: NOW - HOUR })],
    [
      'clock',
      facts({ now: NOW + HOUR, daemon: daemon({ heartbeat: { lastAt: NOW + HOUR, sent: 1, failed: 0 } }) }),
    ],
    ['orders', facts({ daemon: daemon({ hindrances: [{ stops: true, detail: 'KVM is gone' }] }) })],
    ['registered', withMarket({ resource: undefined })],
    ['status', withMarket({ resource: resource({ status: 'Draining' }) })],
    ['status', withMarket({ resource: resource({ status: 'Offline' }) })],
    ['period', withMarket({ resource: resource({ availableUntil: NOW - 1 }) })],
    ['free', withMarket({ resource: resource({ allocated: resource().capacity }) })],
    ['stake', withMarket({ stake: { active: HAM, locked: 0n, unbonding: [] } })],
    ['stake', withMarket({ stake: { active: 200n * HAM, locked: 200n * HAM, unbonding: [] } })],
    ['fees', withMarket({ balance: { free: 1n, held: 0n, transferable: 1n, nonce: 0 } })],
    ['daemon', facts({ daemon: undefined, route: undefined })],
    ['heartbeat', facts({ daemon: daemon({ heartbeat: { lastAt: NOW - HOUR, sent: 1, failed: 9 } }) })],
    ['gateways', facts({ daemon: daemon({ gateways: [] }), route: undefined })],
    ['reachable', facts({ route: { trouble: 'no gateway lets anybody through.' } })],
    ['account', facts({ account: { trouble: 'No account is set.' } })],
    ['images', facts({ images: { value: [] } })],
    ['images', facts({ images: { value: ['ubuntu-24.04'] } })],
    ['disk', facts({ freeDiskMib: 10 })],
    ['memory', facts({ freeMemoryMib: 10 })],
    [
      'self-test',
      facts({
        selfTest: {
          value: {
            passed: false,
            checks: [
              { name: 'KVM', passed: false, level: 'required', detail: 'switch it on in the firmware' },
            ],
          },
        },
      }),
    ],
  ])('tells that %s stops orders, and nothing else', (name, found) => {
    expect(stopping(found)).toEqual([name]);
  });

  it('says what to do', () => {
    expect(detail(withMarket({ resource: resource({ status: 'Draining' }) }), 'status')).toContain(
      'hamster-provider undrain',
    );
    expect(detail(facts({ images: { value: ['ubuntu-24.04'] } }), 'images')).toContain(
      'hamster-provider image build debian-12',
    );
    expect(detail(facts({ chain: { value: chainFacts({ behind: true }) } }), 'chain')).toContain(
      'begun anew, remove /home/seen.json',
    );
    expect(
      detail(
        facts({ chain: { value: chainFacts({ gateways: 0 }) }, daemon: daemon({ gateways: [] }) }),
        'gateways',
      ),
    ).toContain('lists no gateway');
  });

  it('notes what does not stop orders yet', () => {
    const found = withMarket({
      resource: resource({
        availableUntil: NOW + HOUR,
        maintenance: { from: NOW - 1, to: NOW + HOUR },
        prices: { cpuCoreHour: 0n, memoryGibHour: 0n, diskGibHour: 0n },
      }),
      balance: { free: HAM, held: 0n, transferable: HAM / 1_000n, nonce: 0 },
    });
    const notes = diagnose(found).filter(({ verdict }) => verdict === 'note');
    expect(stopping(found)).toEqual([]);
    expect(notes.map(({ name }) => name)).toEqual(['fees', 'period', 'price', 'maintenance']);
  });

  it('notes that blocks are no longer made final, as nothing that ended is destroyed then', () => {
    const waiting = (notFinal: number): Facts =>
      facts({ daemon: daemon({ reconciler: { notFinal, passErrors: 0, jobErrors: 0 } }) });
    expect(detail(waiting(101), 'finality')).toContain('last 101 blocks are not final');
    expect(stopping(waiting(101))).toEqual([]);
    expect(detail(waiting(3), 'finality')).toBeUndefined();
  });

  it('understands a running daemon of an older release, which tells of no port', () => {
    const { port, ...older } = daemon();
    expect(port).toBeDefined();
    const found = diagnose(facts({ daemon: older }));
    expect(found.filter(({ verdict }) => verdict !== 'ok')).toEqual([]);
    expect(found.map(({ name }) => name)).not.toContain('port');
  });

  it('notes a router that forwards no port, and says which one it forwards', () => {
    const port = (value: object): Facts => facts({ daemon: daemon({ port: value }) });
    const unmapped = port({ state: 'unmapped', why: 'no answer' });
    expect(stopping(unmapped)).toEqual([]);
    expect(detail(unmapped, 'port')).toContain('no answer');
    expect(detail(port({ state: 'mapped', address: '/ip4/9.9.1.1/tcp/4001' }), 'port')).toContain('9.9.1.1');
    expect(detail(port({ state: 'unneeded', why: 'public' }), 'port')).toBeUndefined();
  });
});
