import { Command, confirm, ConfigError, processTerminal } from '@hamster/daemon';
import { purgeDatabase, revertChain } from '@hamster/node';
import { slotDurationOf } from '../chain-specs.ts';
import { inPlace, placeOf as keptIn, runtimeOf } from '../open-node.ts';
import { placeOf, type Context } from './context.ts';
import { databaseOf, isKept, requireKept } from './kept-chain.ts';

/** `revert [count] [--force]`: takes the last blocks back. */
export function revertCommand(context: Context): Command {
  return new Command('revert')
    .description('take the last blocks back; only those that are not final, unless forced')
    .argument('[count]', 'how many', '256')
    .option(
      '--force',
      'also blocks that are final: nodes that have them will not follow the chain that you make instead',
    )
    .action(async (text: string, { force = false }: { force?: boolean }) => {
      const count = /^[1-9]\d{0,9}$/.test(text) ? Number(text) : undefined;
      if (count === undefined) throw new ConfigError([`"${text}" is no number of blocks to take back.`]);
      const given = await context();
      const { chainSpec, settings, log } = given;
      await requireKept(given);
      const basePath = placeOf(settings);
      const { from, to } = await inPlace(basePath, () =>
        revertChain(
          { chainSpec, ...keptIn({ ...settings, basePath }), logger: log },
          { runtime: runtimeOf(slotDurationOf(chainSpec), log) },
          { count, force },
        ),
      );
      tell(
        `Took back ${from.number - to.number} blocks: the best one was #${from.number}, and is #${to.number} ${to.hash} now.`,
      );
    });
}

/** `purge-chain [-y]`: removes the database of a chain; its keys stay. */
export function purgeChainCommand(context: Context): Command {
  return new Command('purge-chain')
    .description('remove the blocks and the state of the chain from this machine; keys stay')
    .option('-y, --yes', 'do not ask')
    .action(async ({ yes = false }: { yes?: boolean }) => {
      const given = await context();
      const { chainSpec, settings } = given;
      const folder = databaseOf(given);
      if (!(await isKept(given))) return tell(`There is no ${folder}: nothing to remove.`);
      if (
        !yes &&
        !(await confirm(processTerminal(), `Remove ${folder}, which holds the chain "${chainSpec.name}"?`))
      ) {
        return tell('Nothing was removed.');
      }
      await inPlace(placeOf(settings), () => purgeDatabase(folder));
      tell(`Removed ${folder}.`);
    });
}

const tell = (sentence: string): void => void process.stdout.write(`${sentence}\n`);
