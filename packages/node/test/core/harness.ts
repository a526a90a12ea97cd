import { onTestFinished } from 'vitest';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Runtime, StateReader } from '@hamster/frame';
import { u64 } from '@hamster/scale';
import {
  startNode,
  type Backend,
  type BlockId,
  type ForeignBlock,
  type Hash,
  type Logger,
  type Node,
  type NodeModules,
  type NodeOptions,
} from '../../src/index.ts';
import { ALICE } from './dev-keys.ts';
import { counterKey, testRuntime } from './test-runtime.ts';

export const SPEC = {
  name: 'Test',
  id: 'test',
  chainType: 'Development',
  properties: { ss58Format: 42, tokenDecimals: 12, tokenSymbol: 'HAM' },
  genesis: { seed: 1 },
} as const;

export interface Logged {
  readonly level: string;
  readonly message: string;
}

/** A logger that keeps what it was told. */
export function recorder(): { logger: Logger; lines: Logged[] } {
  const lines: Logged[] = [];
  const at = (level: string) => (_fields: object, message: string) => void lines.push({ level, message });
  return { logger: { debug: at('debug'), info: at('info'), warn: at('warn'), error: at('error') }, lines };
}

export interface Running extends Node {
  readonly backend: Backend & { readonly manualSeal: NonNullable<Backend['manualSeal']> };
  readonly lines: Logged[];
}

/** The test's chain with slots of another length, in ms. */
export const withSlots = (slotDuration: number) => ({ ...SPEC, genesis: { ...SPEC.genesis, slotDuration } });

/** A node that makes blocks on demand; the caller closes it. */
export async function openManual(
  options: Partial<NodeOptions> = {},
  runtime: Runtime = testRuntime(),
  consensus?: NodeModules['consensus'],
): Promise<Running> {
  const { logger, lines } = recorder();
  const location = options.basePath ? {} : { temporary: true };
  const node = await startNode(
    { chainSpec: SPEC, keys: ALICE, manualSeal: true, signatureWorkers: 1, logger, ...location, ...options },
    { runtime, ...(consensus && { consensus }) },
  );
  const { manualSeal } = node.backend;
  if (!manualSeal) throw new TypeError('The node does not seal on demand');
  return { ...node, backend: { ...node.backend, manualSeal }, lines };
}

/** A node that makes blocks on demand and is closed when the test is over. */
export async function manualNode(...parts: Parameters<typeof openManual>): Promise<Running> {
  const node = await openManual(...parts);
  onTestFinished(() => node.close());
  return node;
}

export async function temporaryFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'hamster-node-test-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

/** Resolves with the first block for which `wanted` holds. */
export function nextBlock(
  backend: Backend,
  wanted: (block: BlockId) => boolean = () => true,
): Promise<BlockId> {
  return new Promise((resolve) => {
    const stop = backend.onBlock((block) => {
      if (!wanted(block)) return;
      stop();
      resolve(block);
    });
  });
}

/** A block as another node would be sent it. */
export function blockOf(backend: Backend, hash: Hash): ForeignBlock {
  const [header, body, justification] = [
    backend.header(hash),
    backend.body(hash),
    backend.justification(hash),
  ];
  if (!header || !body) throw new RangeError(`${hash} is not there`);
  return { header, body, ...(justification && { justification }) };
}

export function bestState(backend: Backend): StateReader {
  const state = backend.stateAt(backend.best().hash);
  if (!state) throw new RangeError('The best state is not kept');
  return state;
}

export function counterOf(backend: Backend, account: Uint8Array): bigint {
  const value = bestState(backend).get(counterKey(account));
  return value ? u64.decode(value) : 0n;
}
