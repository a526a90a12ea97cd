import { ConfigError, readJsonFile, sentenceOf, shaped, Type } from '@hamster/daemon';
import type { ChainSpec, GenesisConfig } from '@hamster/node';
import { PRESETS, slotDurationIn } from '@hamster/runtime';

const PROPERTIES = { ss58Format: 42, tokenDecimals: 12, tokenSymbol: 'HAM' } as const;

const HEX = '^0x([0-9a-fA-F]{2})*$';

/** What a spec says besides the first state. */
export const OUTLINE = {
  name: Type.String({ minLength: 1, maxLength: 64 }),
  id: Type.String({ pattern: '^[a-z0-9][a-z0-9_-]{0,63}$' }),
  chainType: Type.Enum(['Development', 'Local', 'Live']),
  bootNodes: Type.Optional(Type.Array(Type.String())),
  protocolId: Type.Optional(Type.Union([Type.String(), Type.Null()])),
  properties: Type.Object({
    ss58Format: Type.Integer({ minimum: 0, maximum: 16383 }),
    tokenDecimals: Type.Integer({ minimum: 0, maximum: 32 }),
    tokenSymbol: Type.String({ minLength: 1, maxLength: 12 }),
  }),
};

const FILE = Type.Object({ ...OUTLINE, genesis: Type.Record(Type.String(), Type.Unknown()) });

const RAW_GENESIS = Type.Object({
  raw: Type.Object({
    top: Type.Record(Type.String({ pattern: HEX }), Type.String({ pattern: HEX })),
    childrenDefault: Type.Optional(Type.Object({}, { additionalProperties: false })),
  }),
});

const RAW_FILE = Type.Object({ ...OUTLINE, genesis: RAW_GENESIS });

/** What the specs of Substrate have besides, and this node has no use for. */
const UNUSED = [
  'telemetryEndpoints',
  'codeSubstitutes',
  'consensusEngine',
  'forkBlocks',
  'badBlocks',
  'lightSyncState',
];
const NAMES: readonly string[] = [...Object.keys(FILE.properties), ...UNUSED];

const HELP = 'Mend it, or name another chain spec.';

const DEV_SLOT_MS = 1000;
const LOCAL_SLOT_MS = 3000;
const SLOT_MS = 6000;

/** The preset with slots of that length. */
const paced = (genesis: GenesisConfig, slotDuration: number): GenesisConfig => ({
  ...genesis,
  aura: { ...(genesis['aura'] as object), slotDuration },
});

/** Time between blocks in ms, as the genesis of a chain says it. */
export function slotDurationOf({ genesis, rawGenesis }: ChainSpec): number {
  if (rawGenesis) return slotDurationIn(rawGenesis) ?? SLOT_MS;
  const aura = genesis['aura'] as { slotDuration?: number | string } | undefined;
  return Number(aura?.slotDuration ?? SLOT_MS);
}

/** Whether `chain` names a built-in chain, and no file. */
export const isBuiltIn = (chain: string): boolean => chain === 'dev' || chain === 'local';

/** The spec of a built-in chain, its blocks `blockTimeMs` apart, or that of a file. Throws `ConfigError`. */
export async function chainSpecOf(chain: string, blockTimeMs?: number): Promise<ChainSpec> {
  switch (chain) {
    case 'dev':
      return {
        name: 'Hamster Development',
        id: 'hamster-dev',
        chainType: 'Development',
        properties: PROPERTIES,
        genesis: paced(PRESETS.dev, blockTimeMs ?? DEV_SLOT_MS),
      };
    case 'local':
      return {
        name: 'Hamster Local Testnet',
        id: 'hamster-local',
        chainType: 'Local',
        properties: PROPERTIES,
        genesis: paced(PRESETS.local, blockTimeMs ?? LOCAL_SLOT_MS),
      };
    default:
      return readChainSpec(chain);
  }
}

/** The spec in a file. Throws `ConfigError`. */
export async function readChainSpec(path: string): Promise<ChainSpec> {
  try {
    const spec = await readJsonFile({ path, help: HELP }, FILE);
    if (spec) requireKnownNames(path, spec);
    await requireBootnodes(spec?.bootNodes);
    if (spec && 'raw' in spec.genesis) return rawSpec(path, spec);
    if (spec) return spec;
  } catch (error) {
    throw error instanceof ConfigError ? error : new ConfigError([`--chain: ${sentenceOf(error)}`]);
  }
  throw new ConfigError([`--chain is "${path}", which is neither dev nor local nor a file that exists.`]);
}

/** One that was mistyped would be as one that was left out. */
function requireKnownNames(path: string, spec: object): void {
  const unknown = Object.keys(spec).find((name) => !NAMES.includes(name));
  if (unknown === undefined) return;
  throw new ConfigError([
    `--chain: ${path} has "${unknown}", which is no part of a chain spec: these are ${NAMES.join(', ')}.`,
  ]);
}

/** Throws NetworkError NETWORK_ADDRESS for what names no address of a node. */
export async function requireBootnodes(texts: readonly string[] = []): Promise<void> {
  if (texts.length === 0) return;
  const { parseBootnode } = await import('@hamster/node/network');
  for (const text of texts) parseBootnode(text);
}

/** `:code`, which every chain has. */
const CODE = '0x3a636f6465';

/** Only what the format says, so that a spec with child tries, which this chain has none of, is no spec of it. */
function rawSpec(path: string, spec: unknown): ChainSpec {
  const { genesis, ...rest } = shaped({ path, help: HELP }, RAW_FILE, spec);
  if (!Object.keys(genesis.raw.top).some((key) => key.toLowerCase() === CODE)) {
    throw new ConfigError([
      `--chain: ${path} has no "${CODE}" in genesis.raw.top, so that it is the first state of no chain: it is not, or not all of, what build-spec --raw prints.`,
    ]);
  }
  return { ...rest, genesis: {}, rawGenesis: genesis.raw.top };
}
