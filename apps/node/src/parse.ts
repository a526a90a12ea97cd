import { ConfigError } from '@hamster/daemon';
import type { AllowedOrigins, NodeOptions } from '@hamster/node';

const MIN_BLOCK_TIME_MS = 100;
const MAX_BLOCK_TIME_MS = 3_600_000;
const MIN_PRUNING = 16;
const MAX_PRUNING = 1_000_000_000;

/** "1500", "500ms" or "3s" in ms. Throws `ConfigError`. */
export function parseBlockTime(text: string): number {
  const [, digits, unit] = /^(\d+(?:\.\d+)?)(ms|s)?$/.exec(text.trim()) ?? [];
  const ms = Number(digits) * (unit === 's' ? 1000 : 1);
  if (Number.isInteger(ms) && ms >= MIN_BLOCK_TIME_MS && ms <= MAX_BLOCK_TIME_MS) return ms;
  throw new ConfigError([
    `--block-time is "${text}", but must be a time from ${MIN_BLOCK_TIME_MS}ms to ${MAX_BLOCK_TIME_MS / 1000}s, such as 500ms or 3s.`,
  ]);
}

/** A number of blocks, or "archive". Throws `ConfigError`. */
export function parsePruning(text: string): NonNullable<NodeOptions['pruning']> {
  if (text === 'archive') return text;
  const blocks = /^\d+$/.test(text) ? Number(text) : NaN;
  if (blocks >= MIN_PRUNING && blocks <= MAX_PRUNING) return blocks;
  throw new ConfigError([
    `--pruning is "${text}", but must be archive, or a number of blocks of at least ${MIN_PRUNING}.`,
  ]);
}

/** Origins as browsers write them. Throws `ConfigError`. */
export function parseOrigins(origins: readonly string[]): AllowedOrigins {
  if (origins.includes('all')) return 'all';
  const wrong = origins.filter((origin) => !isOrigin(origin));
  if (wrong.length === 0) return origins;
  throw new ConfigError(
    wrong.map(
      (origin) =>
        `--rpc-cors is "${origin}", but must be all, or an origin without a path, such as https://app.example or http://10.0.0.5:5173.`,
    ),
  );
}

const isOrigin = (text: string): boolean => URL.canParse(text) && new URL(text).origin === text;
