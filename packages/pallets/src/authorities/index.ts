import { definePallet } from '@hamster/frame';
import { scheduleChange } from './calls/schedule-change.ts';
import type { SessionConfig } from './config.ts';
import { errors } from './errors.ts';
import { events } from './events.ts';
import { renamed } from './migrations/v1.ts';
import { rotate } from './rotation.ts';
import { CurrentIndex, QueuedKeys } from './storage.ts';
import { tryState } from './try-state.ts';

export type { SessionConfig, SessionHandler } from './config.ts';

export const authoritiesPallet = (config: SessionConfig) =>
  definePallet({
    name: 'Authorities',
    index: 16,
    docs: ['Changes the keys that make blocks, and make them final, from one block to the next.'],
    storage: [CurrentIndex, QueuedKeys],
    calls: { schedule_change: scheduleChange },
    events,
    errors,
    hooks: { onInitialize: (ctx, meter) => rotate(ctx, config, meter) },
    storageVersion: 1,
    migrations: [renamed],
    tryState,
  });
