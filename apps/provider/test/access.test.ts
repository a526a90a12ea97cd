import { expect, describe, it } from 'vitest';
import { authorise, liveLeasesOf } from '../src/access/authorise.ts';
import { tunnelTarget } from '../src/access/tunnel-target.ts';
import { FakeChain, FakeDriver, lease, SPEC } from './fakes.ts';

const signal = new AbortController().signal;

async function machine() {
  const driver = new FakeDriver();
  await driver.create({ leaseId: '1', spec: SPEC, image: 'tiny', sshPublicKeys: [] });
  return { driver, ask: (port = 22) => tunnelTarget(driver, { lease: 1n, port }, signal) };
}

describe('who may open a tunnel', () => {
  it('the renter of the live lease, and nobody else', async () => {
    const liveLease = async (id: bigint) => (id === 1n ? lease(1n, 'alice') : undefined);
    const ask = (id: bigint, account: string) => authorise(liveLease, { lease: id, account }, signal);
    expect(await ask(1n, 'alice')).toMatchObject({ ok: true });
    expect(await ask(1n, 'mallory')).toMatchObject({ ok: false, code: 'NOT_RENTER' });
    expect(await ask(2n, 'alice')).toMatchObject({ ok: false, code: 'LEASE_NOT_FOUND' });
  });

  it('to the SSH port, and never to others of a host that is shared', async () => {
    const { ask } = await machine();
    expect(await ask()).toEqual({ host: '127.0.0.1', port: 2222 });
    await expect(ask(9944)).rejects.toMatchObject({ code: 'PORT_CLOSED' });
  });

  it('not while the machine is down: the renter is told why, and what to do', async () => {
    const { driver, ask } = await machine();
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
