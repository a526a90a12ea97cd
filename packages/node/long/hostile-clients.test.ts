import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startNodeProcess, type NodeProcess } from '../test/clients/support/node-process.ts';
import { TestClient } from '../test/rpc/support/client.ts';
import { residentMiB, underAttack, watch } from './support/attack.ts';

/** Under each attack. What it would take is taken within a second or two. */
const ATTACK_MS = 2_000;
/** An answer on two cores, one of which the attacker has: Substrate's clients wait for longer. */
const PATIENCE_MS = 20_000;
/**
 * What may be kept for all clients together (128 MiB), what was dropped and not collected yet while a gigabyte a second comes by loopback
 * (twice that), and what five attacks before left in pieces. It levels off at 350 under one of them, and at 750 behind all; what is kept
 * without a bound takes gigabytes in the same time.
 */
const MEMORY_MIB = 1_000;

describe('a node that is attacked by JSON-RPC', () => {
  let node: NodeProcess;
  let client: TestClient;
  let before: number;
  beforeAll(async () => {
    node = await startNodeProcess('--dev');
    client = await TestClient.connect(node.port);
    before = residentMiB(node.pid);
  });
  afterAll(async () => {
    client?.socket.terminate();
    await node?.stop();
  });

  it.each([
    ['post for the biggest answers and read none', 'posts'],
    ['subscribe to everything and read nothing', 'deaf'],
    ['send 100,000 requests each and read nothing', 'pipeline'],
    ['send requests as long as they may be', 'long'],
    ['send long messages slowly', 'slow'],
    ['take all places and say nothing', 'idle'],
  ])('answers others while clients %s', async (_what, mode) => {
    const { slowest, answers, memory } = await underAttack(node, { mode, client, ms: ATTACK_MS });
    expect({ answers: answers > 0, isPrompt: slowest < PATIENCE_MS }).toEqual({
      answers: true,
      isPrompt: true,
    });
    expect(memory).toBeLessThan(before + MEMORY_MIB);
  });

  it('is as it was when they have gone', async () => {
    await expect
      .poll(async () => (await fetch(`http://127.0.0.1:${node.port}/health`)).status, { timeout: 60_000 })
      .toBe(200);
    const fresh = await TestClient.connect(node.port);
    const id = await fresh.call<string>('chain_subscribeNewHeads');
    await fresh.results(id, 3);
    await fresh.close();
    const { answers } = await watch(node.pid, client, 2_000);
    expect(answers).toBeGreaterThan(10);
    expect(node.lines.filter((line) => line.includes('"level":50'))).toEqual([]);
  });
});
