import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { eventually, Renter, throwAwayNetwork, type LocalNetwork } from '../src/index.ts';
import { outputOf, smallMachine } from '../e2e/support.ts';

describe('kill -9 in the middle of a lease', () => {
  let network: LocalNetwork & AsyncDisposable;
  let renter: Renter;

  beforeAll(async () => {
    network = await throwAwayNetwork({ driver: 'process', images: ['process'] });
    renter = new Renter({ network, account: 'alice' });
    outputOf(await renter.hamster(['rent', ...smallMachine(3)], 90_000));
    outputOf(await renter.inMachine(1, 'echo precious > data'));
  }, 200_000);
  afterAll(() => network[Symbol.asyncDispose](), 90_000);

  const restart = {
    node: (signal: AbortSignal) => network.startNode(signal),
    gateway: (signal: AbortSignal) => network.startGateway(signal),
    provider: (signal: AbortSignal) => network.startProvider(signal),
  };

  it.each(['provider', 'gateway', 'node'] as const)(
    'of the %s, then a restart: the lease goes on and the data is there',
    async (name) => {
      const before = await network.chain.lease(1);
      const part = network.part(name);
      part.kill('SIGKILL');
      await part.exited;
      await restart[name](AbortSignal.timeout(90_000));
      const signal = AbortSignal.timeout(90_000);
      const data = await eventually(
        network.chain,
        async () => {
          const { code, stdout } = await renter.inMachine(1, 'cat data');
          return code === 0 ? stdout.trim() : undefined;
        },
        { what: `the machine answers again after the ${name} was killed`, signal },
      );
      expect(data).toBe('precious');
      const after = await eventually(
        network.chain,
        async () => {
          const lease = await network.chain.lease(1);
          return (lease?.lastHeartbeat ?? 0) > (before?.lastHeartbeat ?? 0) ? lease : undefined;
        },
        { what: 'a heartbeat came after the restart', signal },
      );
      expect(after).toMatchObject({
        status: 'Active',
        endsAt: before?.endsAt,
        sshHostKey: before?.sshHostKey,
      });
    },
    240_000,
  );
});
