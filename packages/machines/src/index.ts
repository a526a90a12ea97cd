export type * from './driver.ts';
export { MachineError } from './errors.ts';
export type { Fault, MachineErrorCode } from './errors.ts';
export { createProcessDriver } from './process/driver.ts';
export type { ProcessDriverOptions } from './process/options.ts';
export { generateSshKeyPair } from './ssh/key-pair.ts';
export type { SshKeyPair } from './ssh/key-pair.ts';
export { isSshPublicKey } from './ssh/public-key.ts';
