import type { Connection } from '@libp2p/interface';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Frames } from '../src/network/wire/frames.ts';
import { MessageWriter } from '../src/network/wire/protobuf.ts';
import type { Hash } from '../src/index.ts';
import { startNodeProcess, type NodeProcess } from '../test/clients/support/node-process.ts';
import { introduce, protocolOf, stranger } from '../test/network/support/stranger.ts';
import { tcpAddressOf } from '../test/network/support/light-client.ts';
import { TestClient } from '../test/rpc/support/client.ts';
import { residentMiB, watch } from './support/attack.ts';

const ATTACK_MS = 4_000;
const PATIENCE_MS = 20_000;
const MEMORY_MIB = 500;
const STREAMS = 10_000;
const ATTACKERS = 8;
const PROTOCOLS = ['block-announces/1', 'transactions/1', 'grandpa/1', 'sync/2', 'sync/warp', 'light/2'];

/** One connection of a new host after the other: who is banned comes under another name. Until the signal fires. */
async function comeAgain(
  node: NodeProcess,
  signal: AbortSignal,
  attack: (connection: Connection) => Promise<void>,
): Promise<number> {
  let connections = 0;
  while (!signal.aborted) {
    const { libp2p, dial } = await stranger();
    const connection = await dial(tcpAddressOf(node)).catch(() => undefined);
    if (connection) {
      connections += 1;
      await attack(connection).catch(() => undefined);
    }
    await libp2p.stop();
  }
  return connections;
}

describe('a node that is attacked by peers', () => {
  let node: NodeProcess;
  let client: TestClient;
  let before: number;
  let genesisHash: Hash;
  beforeAll(async () => {
    node = await startNodeProcess('--dev');
    genesisHash = node.genesisHash as Hash;
    client = await TestClient.connect(node.port);
    before = residentMiB(node.pid);
  });
  afterAll(async () => {
    client?.socket.terminate();
    await node?.stop();
  });

  const name = (protocol: string): string => protocolOf(genesisHash, protocol);

  /** Under attack by several at once; answers how many connections they had. */
  async function survive(
    attack: (connection: Connection, signal: AbortSignal) => Promise<void>,
  ): Promise<number> {
    const stop = new AbortController();
    const attackers = Array.from({ length: ATTACKERS }, () =>
      comeAgain(node, stop.signal, (connection) => attack(connection, stop.signal)),
    );
    const { slowest, answers, memory } = await watch(node.pid, client, ATTACK_MS);
    stop.abort();
    const connections = (await Promise.all(attackers)).reduce((sum, count) => sum + count, 0);
    expect({ answers: answers > 0, isPrompt: slowest < PATIENCE_MS }).toEqual({
      answers: true,
      isPrompt: true,
    });
    expect(memory).toBeLessThan(before + MEMORY_MIB);
    return connections;
  }

  const open = (connection: Connection): boolean => connection.status === 'open';

  it('answers others while they open 10,000 streams each', async () => {
    await survive(async (connection, signal) => {
      for (let opened = 0; opened < STREAMS && open(connection) && !signal.aborted; opened += 100) {
        const some = Array.from({ length: 100 }, (_, index) =>
          connection.newStream(name(PROTOCOLS[index % PROTOCOLS.length]!), { signal }),
        );
        await Promise.allSettled(some);
      }
    });
  });

  it('answers others while they announce garbage, and bans them', async () => {
    const connections = await survive(async (connection, signal) => {
      const frames = new Frames(await introduce(connection, { genesisHash }), 1024);
      while (open(connection) && !signal.aborted) {
        frames.send(crypto.getRandomValues(new Uint8Array(32_768)));
        await new Promise((resolve) => setImmediate(resolve));
      }
    });
    expect(connections).toBeGreaterThan(ATTACKERS);
    expect(node.lines.some((line) => line.includes('A peer is banned for a while'))).toBe(true);
  });

  it('answers others while they send half of a request and never the rest', async () => {
    await survive(async (connection, signal) => {
      const streams = ['sync/2', 'sync/warp', 'light/2'].flatMap((protocol) =>
        Array.from({ length: 32 }, () => connection.newStream(name(protocol), { signal })),
      );
      for (const opened of await Promise.allSettled(streams))
        if (opened.status === 'fulfilled') opened.value.send(Uint8Array.of(0x20, 1, 2, 3));
      await new Promise<void>((resolve) => {
        connection.addEventListener('close', () => resolve());
        signal.addEventListener('abort', () => resolve());
        if (!open(connection) || signal.aborted) resolve();
      });
    });
  });

  it('answers others while they ask for the biggest answers and read none', async () => {
    const code = new MessageWriter()
      .bytes(2, Buffer.from(genesisHash.slice(2), 'hex'))
      .bytes(3, Buffer.from(':code'))
      .finish();
    const request = new MessageWriter().bytes(2, code).finish();
    await survive(async (connection, signal) => {
      while (open(connection) && !signal.aborted) {
        const stream = await connection.newStream(name('light/2'), { signal });
        stream.pause();
        new Frames(stream, 1024).send(request);
      }
    });
  });

  it('is as it was when they have gone', async () => {
    const id = await client.call<string>('chain_subscribeNewHeads');
    await client.results(id, 3);
    const { answers } = await watch(node.pid, client, 2_000);
    expect(answers).toBeGreaterThan(10);
    expect(residentMiB(node.pid)).toBeLessThan(before + MEMORY_MIB);
    expect(node.lines.filter((line) => line.includes('"level":50'))).toEqual([]);
  });
});
