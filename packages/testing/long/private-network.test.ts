import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { outputOf, smallMachine } from '../e2e/support.ts';
import { Ends, Renter, runAppOrThrow, throwAwayNetwork, type LocalNetwork } from '../src/index.ts';

describe('a private network of gateway, provider and renter', () => {
  let folder: string;
  let network: LocalNetwork & AsyncDisposable;
  let renter: Renter;
  const ends = new Ends();
  const key = (name: string) => join(folder, `${name}.key`);
  const ssh = (...flags: string[]) => renter.hamster([...flags, 'ssh', '1', '--', 'echo inside']);

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'hamster-private-'));
    ends.defer(() => rm(folder, { recursive: true, force: true }));
    for (const name of ['ours', 'theirs'])
      await runAppOrThrow('gateway', ['swarm-key', key(name)], { signal: AbortSignal.timeout(60_000) });
    const options = { driver: 'process', images: ['process'], swarmKey: key('ours') } as const;
    network = ends.use(await throwAwayNetwork(options));
    renter = new Renter({ network, account: 'alice' });
    outputOf(await renter.hamster(['--swarm-key', key('ours'), 'rent', ...smallMachine(3)], 90_000));
  }, 300_000);
  afterAll(() => ends.all(), 90_000);

  it('carries a session of who has the key', async () => {
    expect(outputOf(await ssh('--swarm-key', key('ours')))).toContain('inside');
  }, 90_000);

  it.each([
    ['without the key', () => [], /may belong to a private network, whose key you need \(--swarm-key\)/],
    ['with another key', () => ['--swarm-key', key('theirs')], /another --swarm-key, or none/],
  ])(
    'lets no renter %s in, and tells why',
    async (_, flags, reason) => {
      const { code, stdout, stderr } = await ssh(...flags());
      expect(code).not.toBe(0);
      expect(stdout).not.toContain('inside');
      expect(stderr).toMatch(reason);
    },
    120_000,
  );

  it('has a provider with another key say why nobody reaches it', async () => {
    await network.part('provider').stop();
    await network.startProvider(AbortSignal.timeout(90_000), ['--swarm-key', key('theirs')]);
    const said = network
      .part('provider')
      .printed(/another --swarm-key, or none/, AbortSignal.timeout(60_000));
    await expect(said).resolves.toBeUndefined();
  }, 200_000);
});
