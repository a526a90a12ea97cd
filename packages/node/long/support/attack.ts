import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { setTimeout } from 'node:timers/promises';
import type { TestClient } from '../../test/rpc/support/client.ts';

const ATTACKER = fileURLToPath(new URL('./rpc-attacker.ts', import.meta.url));

/** What an honest client and the operator saw. */
export interface Observed {
  /** ms for the slowest answer. */
  readonly slowest: number;
  readonly answers: number;
  /** MiB that the node held at the most. */
  readonly memory: number;
}

/** Has another process attack the node by JSON-RPC for a while, and watches. */
export async function underAttack(
  node: { readonly pid: number; readonly port: number },
  { mode, client, ms }: { readonly mode: string; readonly client: TestClient; readonly ms: number },
): Promise<Observed> {
  const attacker = spawn(process.execPath, [ATTACKER, String(node.port), mode], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  try {
    await once(attacker.stdout, 'data');
    return await watch(node.pid, client, ms);
  } finally {
    attacker.kill('SIGKILL');
  }
}

/** Asks as an honest client for so long, and looks at what the node holds. */
export async function watch(pid: number, client: TestClient, ms: number): Promise<Observed> {
  const end = performance.now() + ms;
  let [slowest, answers, memory] = [0, 0, 0];
  while (performance.now() < end) {
    const asked = performance.now();
    await client.call('chain_getHeader');
    slowest = Math.max(slowest, performance.now() - asked);
    answers += 1;
    memory = Math.max(memory, residentMiB(pid));
    await setTimeout(20);
  }
  return { slowest: Math.round(slowest), answers, memory: Math.round(memory) };
}

/** Memory that a process holds. */
export function residentMiB(pid: number): number {
  const [, pages = ''] = readFileSync(`/proc/${pid}/statm`, 'utf8').split(' ');
  return (Number(pages) * 4096) / 2 ** 20;
}
