import { devAccount } from '@hamster/daemon';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { BOB, outputOf, smallMachine } from '../e2e/support.ts';
import { eventually, Renter, runApp, throwAwayNetwork, type LocalNetwork } from '../src/index.ts';

const HAM = 10n ** 12n;

describe('a provider who leaves the market', () => {
  let network: LocalNetwork & AsyncDisposable;
  let renter: Renter;

  beforeAll(async () => {
    network = await throwAwayNetwork({ driver: 'process', images: ['process'] });
    renter = new Renter({ network, account: 'alice' });
    outputOf(await renter.hamster(['rent', ...smallMachine(3)], 90_000));
  }, 240_000);
  afterAll(() => network[Symbol.asyncDispose](), 90_000);

  const provider = (...args: string[]) => {
    const home = join(network.options.directory, 'provider');
    const flags = ['--home', home, '--chain', network.rpcUrl, '--dev-account', 'bob', '--driver', 'process'];
    return runApp('provider', [...flags, ...args], { signal: AbortSignal.timeout(150_000) });
  };
  const resources = () => network.chain.resourcesOf(BOB);

  it('only drains while a lease runs, and says so with its exit code', async () => {
    const { code, stdout, stderr } = await provider('leave');
    expect(code, stderr).toBe(1);
    expect(stdout).toContain('Still running here: 1 lease');
    expect(await resources()).toMatchObject([{ status: 'Draining', liveLeases: 1 }]);
    expect(await network.chain.lease(1)).toMatchObject({ status: 'Active' });
  }, 200_000);

  it('leaves with the whole stake after the last lease', async () => {
    outputOf(await renter.hamster(['terminate', '1', '--yes'], 90_000));
    await eventually(
      network.chain,
      async () => ((await resources())[0]?.liveLeases === 0 ? true : undefined),
      { what: 'the lease is over', signal: AbortSignal.timeout(90_000) },
    );
    const before = await network.chain.stake(BOB);
    expect(outputOf(await provider('leave'))).toContain('off the market');
    expect(await resources()).toEqual([]);
    const { active, unbonding } = await network.chain.stake(BOB);
    expect(active).toBe(0n);
    expect(unbonding.map(({ amount }) => amount)).toEqual([before.active]);
    expect(outputOf(await provider('leave'))).toContain('not in the market');
  }, 300_000);

  it('does not come back, nor stake again, by a mere start of the daemon', async () => {
    expect(await network.part('provider').stop()).toMatchObject({ code: 0 });
    const again = await provider('--api-port', '0');
    expect(again.code).toBe(1);
    expect(again.stdout + again.stderr).toMatch(/left the market .* start once with --rejoin/);
    expect(await resources()).toEqual([]);
    expect((await network.chain.stake(BOB)).active).toBe(0n);
  }, 200_000);

  it('comes back when it is told to, and then is in the market as any other', async () => {
    await network.startProvider(AbortSignal.timeout(120_000), ['--rejoin']);
    expect(await resources()).toMatchObject([{ status: 'Online' }]);
    await network.part('provider').stop();
    await network.startProvider(AbortSignal.timeout(120_000));
    outputOf(await provider('leave'));
  }, 300_000);

  it('pays out without a daemon, and gets the stake no earlier than it has unbonded', async () => {
    expect(await network.part('provider').stop()).toMatchObject({ code: 0 });
    const early = await provider('withdraw');
    expect(early).toMatchObject({ code: 1, stdout: '' });
    expect(early.stderr).toContain('No stake has unbonded yet');
    const { address } = await devAccount('ferdie');
    const before = await network.chain.balance(address);
    outputOf(await provider('pay-out', '--to', address, '--amount', '2.5'));
    expect((await network.chain.balance(address)).free - before.free).toBe((5n * HAM) / 2n);
    const wrong = await provider('pay-out', '--to', 'nobody');
    expect(wrong.code).toBe(1);
    expect(wrong.stderr).toContain('no address of an account');
  }, 300_000);
});
