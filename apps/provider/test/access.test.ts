import { expect, describe, it } from 'vitest';
import { liveLeasesOf } from '../src/access/authorise.ts';
import { tunnelTarget } from '../src/access/tunnel-target.ts';
import { FakeChain, FakeDriver, lease, SPEC } from './fakes.ts';

async function target(
  changes: { lease?: bigint; port?: number; account?: string },
  driver = new FakeDriver(),
) {
  await driver.create({ leaseId: '1', spec: SPEC, image: 'tiny', sshPublicKeys: [] });
  const modules = {
    driver,
    liveLease: (id: bigint) => Promise.resolve(id === 1n ? lease(1n, 'alice') : undefined),
  };
  const claim = { lease: 1n, port: 22, account: 'alice', peer: 'peer', ...changes };
  return {
    driver,
    ask: () => tunnelTarget(modules, claim, new AbortController().signal),
  };
}

describe('who may open a tunnel', () => {
  it('the renter of the live lease, to its SSH port', async () => {
    const { ask } = await target({});
    expect(await ask()).toEqual({ ok: true, host: '127.0.0.1', port: 2222 });
  });

  it('nobody else', async () => {
    expect(await (await target({ account: 'mallory' })).ask()).toMatchObject({
      ok: false,
      code: 'NOT_RENTER',
    });
    expect(await (await target({ lease: 2n })).ask()).toMatchObject({ ok: false, code: 'LEASE_NOT_FOUND' });
  });

  it('never to other ports of a host that is shared', async () => {
    const { ask } = await target({ port: 9944 });
    expect(await ask()).toMatchObject({ ok: false, code: 'PORT_CLOSED' });
  });

  it('not while the machine is down: the renter is told why, and what to do', async () => {
    const { driver, ask } = await target({});
    await driver.stop('1');
    await expect(ask()).rejects.toMatchObject({
      code: 'MACHINE_STOPPED',
      message: expect.stringContaining('hamster start 1'),
    });
    await driver.start('1');
    await driver.crash('1');
    await expect(ask()).rejects.toMatchObject({ code: 'MACHINE_UNREACHABLE' });
  });

  it('nobody while the provider cannot ask the chain, which is what the renter reads', async () => {
    const chain = new FakeChain();
    chain.live = [lease(1n)];
    const liveLease = liveLeasesOf(chain);
    const signal = new AbortController().signal;
    expect(await liveLease(1n, signal)).toMatchObject({ id: 1n });
    chain.work = () => Promise.reject(Object.assign(new Error('no node'), { fault: 'transient' }));
    await expect(liveLease(1n, signal)).rejects.toMatchObject({
      code: 'PROVIDER_FAILED',
      message: expect.stringContaining('cannot reach the chain now'),
    });
    chain.work = () => Promise.reject(new Error('a bug'));
    await expect(liveLease(1n, signal)).rejects.toThrow('a bug');
  });
});
