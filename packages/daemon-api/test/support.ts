import { createLogger, Lifecycle } from '@hamster/daemon';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Type } from 'typebox';
import { onTestFinished } from 'vitest';
import {
  apiService,
  LiveEvents,
  Registry,
  type ApiApp,
  type ApiLimits,
  type ApiSettings,
} from '../src/index.ts';
import type { LiveEventsOptions } from '../src/index.ts';

export const SETTINGS: ApiSettings = {
  enabled: true,
  host: '127.0.0.1',
  port: 0,
  exposed: false,
  names: [],
  origins: ['https://market.example'],
  openMetrics: false,
};

export interface Options {
  readonly settings?: Partial<ApiSettings>;
  readonly limits?: Partial<ApiLimits>;
  readonly live?: LiveEventsOptions;
  readonly home?: string;
  readonly routes?: (app: ApiApp) => void;
}

export async function privateHome(): Promise<string> {
  const home = await mkdtemp(join(tmpdir(), 'hamster-api-'));
  onTestFinished(() => rm(home, { recursive: true, force: true }));
  return home;
}

/** An API that serves on a free port until the test ends, with what it logged. */
export async function serve(options: Options = {}) {
  const home = options.home ?? (await privateHome());
  const logged: string[] = [];
  const log = createLogger({
    name: 'test',
    level: 'trace',
    json: true,
    output: { write: (line) => logged.push(line) },
  });
  const events = new LiveEvents(options.live);
  const lifecycle = new Lifecycle({ log });
  onTestFinished(() => lifecycle.stop());
  const api = await lifecycle.start(
    apiService({
      settings: { ...SETTINGS, ...options.settings },
      home,
      info: { title: 'Test', description: 'For tests', version: '1.0.0' },
      log,
      registry: new Registry(),
      events,
      ...(options.limits && { limits: options.limits }),
      routes: options.routes ?? routes,
    }),
  );
  const token = (await readFile(api.tokenPath, 'utf8')).trim();
  return {
    ...api,
    api,
    events,
    lifecycle,
    home,
    token,
    logged,
    bearer: { authorization: `Bearer ${token}` },
  };
}

function routes(app: ApiApp): void {
  const Echo = Type.Object({ count: Type.Integer({ minimum: 1 }) }, { description: 'What came' });
  app.post('/echo/:name', {
    schema: {
      summary: 'Says it again',
      params: Type.Object({ name: Type.String() }),
      body: Echo,
      response: { 200: Echo },
    },
    // The secret is in no schema, so that it must not come out.
    handler: async ({ body }) => ({ ...body, secret: 'hunter2' }),
  });
  app.get('/broken', { schema: { summary: 'Fails', response: { 200: Echo } } }, () =>
    Promise.reject(new TypeError('the stack of a bug')),
  );
}
