import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { BOB } from '../../e2e/support.ts';
import { eventually, runApp, throwAwayNetwork, type LocalNetwork } from '../../src/index.ts';
import { diesAt, type Moment } from './moment.ts';
import { askProvider } from './provider-api.ts';

const MILLI_HAM = 10n ** 9n;
const NOTED: Moment = { call: 'rename', when: 'after', about: 'offer\\.json$' };
/** `Provider.update_prices` of a resource below 256, and not a heartbeat that happens to be due. */
const SENT: Moment = { call: 'send', when: 'after', about: 'author_submit.*0a04..00000000000000' };

describe('a provider that is killed while its operator changes the offer', () => {
  let network: LocalNetwork & AsyncDisposable;
  const patience = () => AbortSignal.timeout(180_000);
  const start = (next?: Moment) => network.startProvider(patience(), [], next && diesAt(next));

  beforeAll(async () => {
    network = await throwAwayNetwork({ driver: 'process', images: ['process'] });
    await network.part('provider').stop();
  }, 600_000);
  afterAll(() => network[Symbol.asyncDispose](), 180_000);

  const operator = (...args: string[]) => {
    const home = ['--home', join(network.options.directory, 'provider'), '--chain', network.rpcUrl];
    const flags = [...home, '--dev-account', 'bob', '--driver', 'process'];
    return runApp('provider', [...flags, ...args], { signal: patience() });
  };
  const priceIs = (core: bigint): Promise<true> =>
    eventually(
      network.chain,
      async () => {
        const [machine] = await network.chain.resourcesOf(BOB);
        return machine?.prices.cpuCoreHour === core ? true : undefined;
      },
      { what: `a core costs ${core} an hour`, signal: patience() },
    );

  it.each<[string, Moment, string, bigint]>([
    ['noted it and told the chain nothing', NOTED, '0.02', 20n * MILLI_HAM],
    ['told the chain and not heard the answer', SENT, '0.03', 30n * MILLI_HAM],
  ])(
    'when it has %s, brings it about at its next start',
    async (_title, moment, price, planck) => {
      await start(moment);
      const { code } = await operator('price', '--core', price);
      expect(code).not.toBe(0);
      expect(await network.part('provider').exited).toMatchObject({ signal: 'SIGKILL' });
      await start();
      await priceIs(planck);
      await network.part('provider').stop();
    },
    600_000,
  );

  it('keeps draining after a kill, and its prices, until it is told otherwise', async () => {
    await start();
    expect(await operator('drain')).toMatchObject({ code: 0 });
    const provider = network.part('provider');
    provider.kill('SIGKILL');
    await provider.exited;
    await start();
    expect(await network.chain.resourcesOf(BOB)).toMatchObject([
      { status: 'Draining', prices: { cpuCoreHour: 30n * MILLI_HAM } },
    ]);
    expect(await operator('undrain')).toMatchObject({ code: 0 });
    expect(await network.chain.resourcesOf(BOB)).toMatchObject([{ status: 'Online' }]);
  }, 600_000);

  it('brings all about that was said together, and drains no second time', async () => {
    await network.part('provider').stop();
    await start(NOTED);
    const change = { prices: { core: '0.04' }, draining: true };
    await expect(askProvider(network, 'PATCH', '/settings', change)).rejects.toThrow();
    expect(await network.part('provider').exited).toMatchObject({ signal: 'SIGKILL' });
    expect(await network.chain.resourcesOf(BOB)).toMatchObject([{ status: 'Online' }]);
    await start();
    const said = { status: 'Draining', prices: { cpuCoreHour: 40n * MILLI_HAM } };
    expect(await network.chain.resourcesOf(BOB)).toMatchObject([said]);
    expect(await operator('undrain')).toMatchObject({ code: 0 });
    await network.part('provider').stop();
    await start();
    expect(await network.chain.resourcesOf(BOB)).toMatchObject([{ ...said, status: 'Online' }]);
  }, 600_000);
});
