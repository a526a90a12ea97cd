import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { anyPorts, LocalNetwork, type Ends } from '../../src/index.ts';

const BETWEEN_BLOCKS_MS = 500;
const START_MS = 120_000;

/** A network of the process driver whose blocks come from the maker, which makes them until it is told to pause. */
export async function networkOfBlocks(
  ends: Ends,
  {
    providerFlags = [],
    providerEnv,
  }: { providerFlags?: readonly string[]; providerEnv?: NodeJS.ProcessEnv } = {},
): Promise<{ readonly network: LocalNetwork; readonly blocks: BlockMaker }> {
  const directory = await mkdtemp(join(tmpdir(), 'hamster-blocks-'));
  ends.defer(() => rm(directory, { recursive: true, force: true }));
  const network = new LocalNetwork({
    ...{ directory, ports: await anyPorts(), driver: 'process', images: ['process'], dapp: false },
    ...{ nodeFlags: ['--manual-seal'], providerFlags },
  });
  ends.defer(() => network.stop());
  const started = AbortSignal.timeout(START_MS);
  await network.startNode(started);
  const blocks = new BlockMaker(network.options.ports.rpc);
  ends.defer(() => blocks.pause());
  blocks.goOn();
  await network.startGateway(started);
  await network.startProvider(started, [], providerEnv);
  return { network, blocks };
}

/** Makes the blocks of a node that makes none by itself (`--manual-seal`), and sets the time of the chain forward. */
export class BlockMaker {
  readonly #rpcPort: number;
  #stop = new AbortController();
  #making: Promise<void> = Promise.resolve();

  constructor(rpcPort: number) {
    this.#rpcPort = rpcPort;
  }

  /** A block, and another one soon after it, until `pause`. */
  goOn(): void {
    const { signal } = (this.#stop = new AbortController());
    const make = async (): Promise<void> => {
      while (!signal.aborted) {
        await this.block();
        await delay(BETWEEN_BLOCKS_MS, undefined, { signal }).catch(() => undefined);
      }
    };
    this.#making = make();
    this.#making.catch(() => undefined);
  }

  /** Resolves when no further block comes. */
  async pause(): Promise<void> {
    this.#stop.abort();
    await this.#making;
  }

  async block(): Promise<void> {
    await this.#call('dev_newBlock', []);
  }

  /** The next block is made at this time, ms since 1970. */
  async travel(time: number): Promise<void> {
    await this.#call('dev_timeTravel', [time]);
  }

  async #call(method: string, params: unknown[]): Promise<void> {
    const response = await fetch(`http://127.0.0.1:${this.#rpcPort}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ jsonrpc: '2.0', id: 1, method, params }),
      signal: AbortSignal.timeout(20_000),
    });
    const { error } = (await response.json()) as { error?: { message: string } };
    if (error) throw new Error(`${method}: ${error.message}`);
  }
}
