import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { outputOf, smallMachine } from '../e2e/support.ts';
import { eventually, Renter, throwAwayNetwork, type LocalNetwork } from '../src/index.ts';

describe('a provider whose node goes away, and is another one when it comes back', () => {
  let network: LocalNetwork & AsyncDisposable;
  let renter: Renter;
  const started = () => AbortSignal.timeout(90_000);
  const chains = () => join(network.options.directory, 'provider', 'chains');
  const readData = async () => {
    const { code, stdout } = await renter.inMachine(1, 'cat data');
    return code === 0 ? stdout.trim() : undefined;
  };

  async function killNode(): Promise<void> {
    const node = network.part('node');
    node.kill('SIGKILL');
    await node.exited;
  }

  beforeAll(async () => {
    network = await throwAwayNetwork({ driver: 'process', images: ['process'] });
    renter = new Renter({ network, account: 'alice' });
    outputOf(await renter.hamster(['rent', ...smallMachine(3)], 90_000));
    outputOf(await renter.inMachine(1, 'echo precious > data'));
  }, 300_000);
  afterAll(() => network[Symbol.asyncDispose](), 90_000);

  it('does not serve the other chain: it ends loudly, and destroys nothing', async () => {
    const provider = network.part('provider');
    const machines = await readdir(chains(), { recursive: true });
    await killNode();
    await network.startNode(started(), 'another-node');
    const { code } = await provider.exited;
    expect(code).not.toBe(0);
    expect(provider.tail).toMatch(/serves another chain than before/);
    expect(await readdir(chains(), { recursive: true })).toEqual(expect.arrayContaining(machines));
  }, 200_000);

  it('finds machine and data again when the old chain is back', async () => {
    await killNode();
    await network.startNode(started());
    const gateway = network.part('gateway');
    await gateway.stop();
    await network.startGateway(started());
    await network.startProvider(started());
    const data = await eventually(network.chain, readData, {
      what: 'the machine answers',
      signal: started(),
    });
    expect(data).toBe('precious');
    expect(await network.chain.lease(1)).toMatchObject({ status: 'Active' });
  }, 300_000);
});
