import { toHex } from '@hamster/crypto';
import type { SessionKeys } from '../primitives/session-keys.ts';

/** Two authorities with one key would be one authority twice. */
export const hasDistinctKeys = (authorities: readonly SessionKeys[]): boolean =>
  (['aura', 'grandpa'] as const).every(
    (name) => new Set(authorities.map((keys) => toHex(keys[name]))).size === authorities.length,
  );
