import { cp, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { BOB, outputOf, smallMachine } from '../../e2e/support.ts';
import {
  appMain,
  Ends,
  eventually,
  freePort,
  ManagedProcess,
  Renter,
  ROOT,
  runApp,
  throwAwayNetwork,
  type LocalNetwork,
} from '../../src/index.ts';
import { hostHas } from './host.ts';

describe('a provider that is started on a node that is behind', () => {
  let network: LocalNetwork & AsyncDisposable;
  let renter: Renter;
  let port: number;
  let older: ManagedProcess;
  const ends = new Ends();
  const patience = () => AbortSignal.timeout(180_000);
  const inDirectory = (...path: string[]) => join(network.options.directory, ...path);
  const seenBlock = async (): Promise<number> => {
    const { genesisHash } = network.chain.chain;
    const text = await readFile(inDirectory('provider/chains', genesisHash.slice(2), 'seen.json'), 'utf8');
    return (JSON.parse(text) as { block: { number: number } }).block.number;
  };

  /** A full node from the old copy, which makes no block itself. */
  function startOlder(...flags: string[]): ManagedProcess {
    const node = new ManagedProcess({
      name: 'older node',
      command: process.execPath,
      args: [
        ...[appMain('node'), '--chain', 'dev', '--base-path', inDirectory('copy')],
        ...['--rpc-port', String(port), '--listen-addr', '/ip4/127.0.0.1/tcp/0', ...flags],
      ],
      cwd: ROOT,
      logFile: inDirectory('older-node.log'),
    });
    ends.defer(() => node.stop());
    return node;
  }

  beforeAll(async () => {
    network = ends.use(await throwAwayNetwork({ driver: 'process', images: ['process'] }));
    const node = network.part('node');
    await node.stop();
    await cp(inDirectory('node'), inDirectory('copy'), { recursive: true });
    // Two nodes with the key of one are one peer, which does not call itself.
    await rm(inDirectory('copy', 'network'), { recursive: true });
    await network.startNode(patience());
    const copied = await network.chain.bestNumber();
    renter = new Renter({ network, account: 'alice' });
    outputOf(await renter.hamster(['rent', ...smallMachine(3)], 240_000));
    await eventually(network.chain, async () => ((await seenBlock()) > copied ? true : undefined), {
      ...{ what: 'the provider has noted a block that the copy has not', signal: patience() },
    });
    const provider = network.part('provider');
    provider.kill('SIGKILL');
    await provider.exited;
    port = await freePort();
    older = startOlder();
  }, 600_000);
  afterAll(() => ends.all(), 600_000);

  const flags = () => ['--chain', `ws://127.0.0.1:${port}`];

  it('waits and says so: nothing is registered, staked, made or destroyed', async () => {
    const before = await network.chain.stake(BOB);
    // It is ready no sooner than the node has caught up.
    network.startProvider(patience(), flags()).catch(() => undefined);
    await network.part('provider').printed(/node is behind .*nothing is registered or served/, patience());
    await hostHas(network, ['1'], patience());
    expect(await network.chain.stake(BOB)).toEqual(before);
    expect(await network.chain.resourcesOf(BOB)).toHaveLength(1);
    const home = ['--home', inDirectory('provider'), '--dev-account', 'bob', '--driver', 'process'];
    const { stdout } = await runApp('provider', [...home, ...flags(), 'doctor'], { signal: patience() });
    expect(stdout).toMatch(/STOPS +chain: .*older chain than this machine saw/);
    expect(stdout).toMatch(/STOPS +daemon: .*waits for its chain/);
  }, 600_000);

  it('goes on by itself once the node has caught up', async () => {
    await older.stop();
    const addresses = await network.chain.api.rpc.system.localListenAddresses();
    const address = addresses.map(String).find((text) => text.includes('/tcp/') && !text.includes('/ws'));
    older = startOlder('--bootnodes', address ?? '');
    await network.part('provider').printed(/the node has caught up/, patience());
    await network.part('provider').printed(/ ready$/, patience());
    expect(outputOf(await renter.inMachine(1, 'echo here')).trim()).toBe('here');
    await hostHas(network, ['1'], patience());
    expect(await network.chain.resourcesOf(BOB)).toHaveLength(1);
  }, 600_000);
});
