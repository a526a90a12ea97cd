export { accountCommand } from './accounts/account-command.ts';
export type { AccountContext } from './accounts/account-command.ts';
export { Type } from 'typebox';
export type { Static, TObject, TProperties, TSchema } from 'typebox';
export { Command } from 'commander';
export type { KeyringPair } from '@polkadot/keyring/types';
export { addConfigOptions, configOf, describeConfig } from './config/options.ts';
export { defineBareConfig, defineConfig, defineHomelessConfig } from './config/define-config.ts';
export type { CommonConfig, ConfigDefinition, ConfigOf, LogConfig } from './config/define-config.ts';
export { swarmKeySetting } from './config/swarm-key.ts';
export type { FieldHints } from './config/fields.ts';
export { ConfigError, resolveConfig } from './config/resolve-config.ts';
export type { ConfigSources } from './config/sources.ts';
export { DaemonError, EXIT_FAILURE, EXIT_FORCED, EXIT_USAGE, sentenceOf } from './errors.ts';
export type { Fault } from './errors.ts';
export {
  makePrivateDirectory,
  readJsonFile,
  readJsonState,
  shaped,
  writeJsonState,
  writeNewPrivateFile,
  writePrivateFile,
} from './json-state.ts';
export { Keystore } from './keystore/keystore.ts';
export type { KeystoreEntry } from './keystore/keystore.ts';
export { keystoreIn, openAccount } from './keystore/open-account.ts';
export type { AccountChoice } from './keystore/open-account.ts';
export { devAccount } from './keystore/pairs.ts';
export { Lifecycle } from './lifecycle.ts';
export type { LifecycleOptions, Service, ServiceContext } from './lifecycle.ts';
export { createLogger } from './logger.ts';
export type { Logger, LoggerOptions } from './logger.ts';
export { retry } from './retry.ts';
export type { RetryOptions } from './retry.ts';
export { report, runDaemon } from './run-daemon.ts';
export type { DaemonContext, DaemonDefinition } from './run-daemon.ts';
export { ask, askHidden, confirm } from './terminal/ask.ts';
export { newPassphrase, PASSPHRASE_VARIABLE, readPassphrase } from './terminal/passphrase.ts';
export type { PassphraseSources } from './terminal/passphrase.ts';
export { harmless, harmlessJson, harmlessLines, printLine } from './terminal/harmless.ts';
export { isInteractive, processTerminal } from './terminal/terminal.ts';
export type { Terminal } from './terminal/terminal.ts';
export { delay, withDeadline } from './timing.ts';
export { lockHome } from './home-lock.ts';
export { lockName } from './name-lock.ts';
export type { NameLock } from './name-lock.ts';
