import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createLogger, Lifecycle, resolveConfig } from '@hamster/daemon';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { config } from '../src/config.ts';
import { start } from '../src/start.ts';

let home: string;
const started: Lifecycle[] = [];

beforeEach(async () => {
  home = await mkdtemp(join(tmpdir(), 'hamster-gateway-home-'));
});
afterEach(async () => {
  for (const lifecycle of started.splice(0)) await lifecycle.stop();
  await rm(home, { recursive: true });
});

/** A gateway whose chain is away, which it waits for. */
function gateway(): { readonly starting: Promise<void>; readonly inHome: Promise<void> } {
  const inHome = Promise.withResolvers<void>();
  const log = createLogger({
    ...{ name: 't', level: 'info', json: true, output: { write: () => true } },
    onLine: (line) => line.includes('"service":"home"') && inHome.resolve(),
  });
  const lifecycle = new Lifecycle({ log });
  started.push(lifecycle);
  const content = { home, chain: 'ws://127.0.0.1:9', devAccount: 'charlie' };
  const settings = resolveConfig(config, { file: { path: 'c.json', content } });
  const starting = start({ config: settings, log, lifecycle, signal: lifecycle.signal });
  starting.catch(() => undefined);
  return { starting, inHome: inHome.promise };
}

test('two gateways with one home would change each other’s entry for ever: the second one ends', async () => {
  await gateway().inHome;
  await expect(gateway().starting).rejects.toThrow(/Another daemon runs with .* already/);
});
