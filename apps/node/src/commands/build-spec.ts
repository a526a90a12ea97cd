import { Command, ConfigError, sentenceOf } from '@hamster/daemon';
import { genesisState, type ChainSpec } from '@hamster/node';
import { requireBootnodes, slotDurationOf } from '../chain-specs.ts';
import { runtimeOf } from '../open-node.ts';
import type { Context } from './context.ts';

/** `build-spec [--raw]`: prints the chain spec, for other nodes and for light clients. */
export function buildSpecCommand(context: Context): Command {
  return new Command('build-spec')
    .description('print the chain spec of --chain as JSON')
    .option('--raw', 'with the first state itself, as light clients need it, instead of its configuration')
    .option(
      '--bootnode <multiaddr>',
      'where the network is found, besides what the spec names already; may be repeated',
      collect,
      [],
    )
    .action(async ({ raw, bootnode }: { raw?: true; bootnode: string[] }) => {
      await requireBootnodes(bootnode).catch((error: unknown) => {
        throw new ConfigError([`--bootnode: ${sentenceOf(error)}`]);
      });
      const { chainSpec, log } = await context();
      const genesis = raw
        ? { raw: rawGenesis(chainSpec, () => runtimeOf(slotDurationOf(chainSpec), log)) }
        : plainGenesis(chainSpec);
      const spec = { ...outline(chainSpec, bootnode), genesis };
      process.stdout.write(`${JSON.stringify(spec, null, 2)}\n`);
    });
}

const collect = (value: string, previous: string[]): string[] => [...previous, value];

const outline = (
  { name, id, chainType, properties, bootNodes = [], protocolId }: ChainSpec,
  more: string[],
) => ({
  name,
  id,
  chainType,
  bootNodes: [...new Set([...bootNodes, ...more])],
  telemetryEndpoints: null,
  protocolId: protocolId ?? null,
  properties,
  codeSubstitutes: {},
});

const plainGenesis = ({ genesis, rawGenesis: top }: ChainSpec): object =>
  top ? { raw: { top, childrenDefault: {} } } : genesis;

function rawGenesis(chainSpec: ChainSpec, runtime: () => ReturnType<typeof runtimeOf>): object {
  const entries = genesisState(chainSpec, runtime()).map(([key, value]) => [hexOf(key), hexOf(value)]);
  return { top: Object.fromEntries(entries) as object, childrenDefault: {} };
}

const hexOf = (bytes: Uint8Array): string => `0x${Buffer.from(bytes).toString('hex')}`;
