import { anyPorts, eventually, LocalNetwork, runApp } from '@hamster/testing';
import type { Gateway } from '@hamster/chain-client';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

const CHARLIE = '5FLSigC9HGRKVhB9FiEo4Y3koPsNmBmLJbpXg2mp1hXcS59Y';
const HAM = 10n ** 12n;

describe('a gateway on a real chain', () => {
  let directory: string;
  let network: LocalNetwork;
  let registered: Gateway;

  beforeAll(async () => {
    directory = await mkdtemp(join(tmpdir(), 'hamster-gateway-'));
    network = new LocalNetwork({
      directory,
      driver: 'process',
      images: [],
      ports: await anyPorts(),
      dapp: false,
    });
    await network.startNode(AbortSignal.timeout(120_000));
    await network.startGateway(AbortSignal.timeout(120_000));
    registered = await until('it is on chain', ({ status }) => status === 'Online');
  }, 300_000);

  afterAll(async () => {
    await network.stop();
    await rm(directory, { recursive: true, force: true });
  }, 40_000);

  function until(what: string, wanted: (gateway: Gateway) => boolean): Promise<Gateway> {
    const look = async (): Promise<Gateway | undefined> => {
      const now = await network.chain.gateway(CHARLIE);
      return now && wanted(now) ? now : undefined;
    };
    return eventually(network.chain, look, { what, signal: AbortSignal.timeout(60_000) });
  }

  test('is there with its addresses and its stake', async () => {
    const { gatewayTcp, gatewayWebSocket } = network.options.ports;
    expect(registered).toMatchObject({
      status: 'Online',
      region: 'local',
      peerId: expect.stringMatching(/^12D3KooW/),
      multiaddrs: [`/ip4/127.0.0.1/tcp/${gatewayTcp}`, `/ip4/127.0.0.1/tcp/${gatewayWebSocket}/ws`],
      stake: 200n * HAM,
    });
    expect((await network.chain.balance(CHARLIE)).held).toBe(200n * HAM);
  });

  test('killed with -9 and started again, it is the same gateway', async () => {
    const part = network.part('gateway');
    part.kill('SIGKILL');
    await part.exited;
    await network.startGateway(AbortSignal.timeout(120_000));
    const now = await until(
      'it has beaten again',
      ({ lastHeartbeat }) => lastHeartbeat > registered.lastHeartbeat,
    );
    expect(now).toEqual({ ...registered, lastHeartbeat: now.lastHeartbeat });
  }, 240_000);

  test('lives on when the chain dies, and beats again when that is back', async () => {
    const { lastHeartbeat: before } = (await network.chain.gateway(CHARLIE)) ?? registered;
    const node = network.part('node');
    const gateway = network.part('gateway');
    node.kill('SIGKILL');
    await node.exited;
    await network.startNode(AbortSignal.timeout(120_000));
    await until('it has beaten again', ({ lastHeartbeat }) => lastHeartbeat > before);
    expect(gateway.running).toBe(true);
  }, 240_000);

  test('asked to stop, it goes offline; started again, it takes its stake back', async () => {
    expect(await network.part('gateway').stop(30_000)).toMatchObject({ code: 0 });
    expect(await until('it is offline', ({ status }) => status === 'Offline')).toMatchObject({ stake: 0n });
    await network.startGateway(AbortSignal.timeout(120_000));
    const back = await until('it is back', ({ status }) => status === 'Online');
    expect(back).toMatchObject({ stake: 200n * HAM, peerId: registered.peerId });
  }, 240_000);
});

describe('a gateway that is told nonsense', () => {
  test.each([
    [['--listen', 'here'], /--listen: "here" is no address/],
    [['--max-providers', 'many'], /--max-providers/],
    [['--no-such-thing'], /unknown option/],
  ])('says what is wrong: %j', async (args, sentence) => {
    const home = join(tmpdir(), 'hamster-gateway-never-made');
    const { code, stderr } = await runApp('gateway', ['--home', home, ...args], {
      signal: AbortSignal.timeout(60_000),
    });
    expect(code).toBe(2);
    expect(stderr).toMatch(sentence);
    expect(stderr).not.toMatch(/\n\s+at /);
  });
});
