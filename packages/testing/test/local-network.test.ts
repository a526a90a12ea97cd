import { expect, it, vi } from 'vitest';
import { LocalNetwork } from '../src/local-network.ts';
import type { ProcessSpec } from '../src/managed-process.ts';

const { ended } = vi.hoisted(() => ({ ended: [] as string[] }));

vi.mock('../src/managed-process.ts', () => ({
  ManagedProcess: class {
    readonly #name: string;
    constructor({ name }: ProcessSpec) {
      this.#name = name;
    }
    async printed(): Promise<void> {}
    async stop(): Promise<void> {
      ended.push(this.#name);
    }
  },
}));
vi.mock('../src/run-command.ts', () => ({
  runApp: () => Promise.reject(new Error('machines could not be destroyed in time')),
}));

it('a network whose machines cannot be destroyed ends all of its processes all the same, and says so', async () => {
  const network = new LocalNetwork({
    directory: '/nowhere',
    driver: 'process',
    images: [],
    ports: { rpc: 1, gatewayTcp: 2, gatewayWebSocket: 3, dapp: 4 },
    dapp: false,
  });
  const { signal } = new AbortController();
  await network.startGateway(signal);
  await network.startProvider(signal);
  await expect(network.stop()).rejects.toThrow('machines could not be destroyed in time');
  expect(ended).toEqual(['provider', 'gateway']);
  await network.stop();
});
