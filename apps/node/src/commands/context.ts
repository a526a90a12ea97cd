import { configOf, createLogger, type Command, type Logger } from '@hamster/daemon';
import type { ChainSpec } from '@hamster/node';
import { chainSpecOf } from '../chain-specs.ts';
import { nodeConfig } from '../config.ts';
import { settingsOf, type Settings } from '../settings.ts';

/** What a command works on: the chain and the place that the same flags name with which a node is run. */
export interface CommandContext {
  readonly chainSpec: ChainSpec;
  readonly settings: Settings;
  /** Says on standard error only what went wrong. */
  readonly log: Logger;
}

export type Context = () => Promise<CommandContext>;

/** The context of a command of `program`; the chain is dev where no flag says another. */
export const contextOf =
  (program: Command): Context =>
  async () => {
    const config = await configOf(program, nodeConfig, process.env);
    const settings = settingsOf({ ...config, chain: config.chain ?? 'dev' });
    const chainSpec = await chainSpecOf(settings.chain, settings.blockTimeMs);
    const log = createLogger({
      name: 'hamster-node',
      level: 'warn',
      json: config.logJson,
      output: process.stderr,
      colour: false,
    });
    return { chainSpec, settings, log };
  };

/** Where that chain is kept: a command has no use for one that goes away with it. */
export const placeOf = ({ basePath, home }: Settings): string => basePath ?? home;
