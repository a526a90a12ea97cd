export { EXISTENTIAL_DEPOSIT, HAM, SS58_PREFIX } from './constants.ts';
export { InvalidBlock } from './executive/errors.ts';
export { DEV_ACCOUNTS } from './genesis/accounts.ts';
export { PRESETS } from './genesis/presets.ts';
export type { PresetName } from './genesis/presets.ts';
export { POTS } from './pots.ts';
export { createRuntime } from './runtime.ts';
export type { HamsterRuntime, RuntimeOptions } from './runtime.ts';
export { VERSION } from './version.ts';
