import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { Command, ConfigError, DaemonError } from '@hamster/daemon';
import { asDamage, decodeBlocks, encodeBlocks, NodeError, type Node } from '@hamster/node';
import { slotDurationOf } from '../chain-specs.ts';
import { writeWhole } from '../whole-file.ts';
import { openNode } from '../open-node.ts';
import { placeOf, type CommandContext, type Context } from './context.ts';
import { databaseOf, requireKept } from './kept-chain.ts';
import { readingFrom } from './reading.ts';

/** `export-blocks [file]`: the blocks as Substrate's binary export has them. */
export function exportBlocksCommand(context: Context): Command {
  return new Command('export-blocks')
    .description('write blocks to a file, or to standard output')
    .argument('[file]')
    .option('--from <number>', 'first block', '1')
    .option('--to <number>', 'last block (default: the best one)')
    .action(async (file: string | undefined, options: { from: string; to?: string }) => {
      const from = numberOf('--from', options.from);
      const to = options.to === undefined ? undefined : numberOf('--to', options.to);
      const given = await context();
      await requireKept(given);
      await withNode(given, async ({ backend }) => {
        const best = backend.best().number;
        const range = { from, to: to ?? best };
        if (best === 0) {
          throw new ConfigError([
            'There are no blocks but the first, which comes from the chain spec: there is nothing to export.',
          ]);
        }
        if (range.from < 1 || range.from > range.to || range.to > best) {
          throw new ConfigError([
            `There are blocks 1 to ${best}: --from ${range.from} --to ${range.to} is no part of them.`,
          ]);
        }
        const blocks = Readable.from(encodeBlocks(backend, range));
        if (file === undefined) await pipeline(blocks, process.stdout, { end: false });
        else await writeWhole(blocks, file);
        tell(`Exported blocks ${range.from} to ${range.to}.`);
      });
    });
}

/** `import-blocks [file]`: executes and verifies each block as one from the network. */
export function importBlocksCommand(context: Context): Command {
  return new Command('import-blocks')
    .description('read blocks from a file, or from standard input; each is executed and verified')
    .argument('[file]')
    .action(async (file: string | undefined) => {
      await withNode(await context(), async (node) => {
        const input = file === undefined ? process.stdin : readingFrom(file);
        const { imported, known } = await importAll(node, input);
        tell(
          `Imported ${imported} blocks, ${known} were here already; the best one is #${node.backend.best().number}.`,
        );
      });
    });
}

async function importAll(
  node: Node,
  input: AsyncIterable<Uint8Array>,
): Promise<{ imported: number; known: number }> {
  let [imported, known] = [0, 0];
  for await (const block of decodeBlocks(input)) {
    try {
      await node.importBlock(block);
      imported += 1;
    } catch (error) {
      if (!(error instanceof NodeError) || error.code !== 'NODE_BLOCK_KNOWN') {
        throw new DaemonError(
          'IMPORT_STOPPED',
          `${imported} blocks were imported, then: ${String((error as Error).message)}`,
          {
            cause: error,
          },
        );
      }
      known += 1;
    }
  }
  return { imported, known };
}

/** The chain of the flags, opened by a node that makes no blocks. */
async function withNode(context: CommandContext, action: (node: Node) => Promise<void>): Promise<void> {
  const { chainSpec, settings, log } = context;
  const node = await openNode({
    chainSpec,
    slotDuration: slotDurationOf(chainSpec),
    keys: { authors: [], voters: [] },
    settings: { ...settings, basePath: placeOf(settings), manualSeal: false },
    log,
    // What fails here rejects the import itself.
    fail: () => undefined,
  });
  try {
    await action(node);
  } catch (error) {
    throw asDamage(databaseOf(context), error);
  } finally {
    await node.close();
  }
}

function numberOf(flag: string, text: string): number {
  if (/^\d{1,10}$/.test(text)) return Number(text);
  throw new ConfigError([`${flag} is "${text}", but must be the number of a block.`]);
}

/** Standard output may be the blocks. */
const tell = (sentence: string): void => void process.stderr.write(`${sentence}\n`);
