import { tmpdir } from 'node:os';
import { beforeEach, expect, it, vi } from 'vitest';
import { LocalNetwork } from '../src/local-network.ts';
import type { ProcessSpec } from '../src/managed-process.ts';

const { ended, silent } = vi.hoisted(() => ({ ended: [] as string[], silent: new Set<string>() }));

vi.mock('../src/managed-process.ts', () => ({
  ManagedProcess: class {
    readonly #name: string;
    constructor({ name }: ProcessSpec) {
      this.#name = name;
    }
    async printed(): Promise<void> {
      if (silent.has(this.#name)) throw new Error(`${this.#name} said nothing`);
    }
    async stop(): Promise<void> {
      ended.push(this.#name);
    }
  },
}));
vi.mock('../src/run-command.ts', () => ({
  runApp: () => Promise.reject(new Error('machines could not be destroyed in time')),
}));

const options = {
  directory: tmpdir(),
  driver: 'process',
  images: [],
  ports: { rpc: 1, gatewayTcp: 2, gatewayWebSocket: 3, dapp: 4 },
  dapp: false,
} as const;

beforeEach(() => {
  ended.length = 0;
  silent.clear();
});

it('a network whose machines cannot be destroyed ends all of its processes all the same, and says so', async () => {
  const network = new LocalNetwork(options);
  const { signal } = new AbortController();
  await network.startGateway(signal);
  await network.startProvider(signal);
  await expect(network.stop()).rejects.toThrow('machines could not be destroyed in time');
  expect(ended).toEqual(['provider', 'gateway']);
  await network.stop();
});

it('a network that cannot be started says why, though what was started cannot be undone either', async () => {
  const network = new LocalNetwork(options);
  vi.spyOn(network, 'startNode').mockResolvedValue();
  silent.add('provider');
  await expect(network.start(new AbortController().signal)).rejects.toMatchObject({
    message: expect.stringContaining('provider said nothing') as string,
    errors: [{ message: 'provider said nothing' }, { message: 'machines could not be destroyed in time' }],
  });
  expect(ended).toEqual(['provider', 'gateway']);
});
