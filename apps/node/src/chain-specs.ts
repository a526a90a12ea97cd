import { ConfigError, readJsonState, sentenceOf, Type } from '@hamster/daemon';
import type { ChainSpec } from '@hamster/node';
import { PRESETS } from '@hamster/runtime';

const PROPERTIES = { ss58Format: 42, tokenDecimals: 12, tokenSymbol: 'HAM' } as const;

const FILE = Type.Object({
  name: Type.String({ minLength: 1, maxLength: 64 }),
  id: Type.String({ pattern: '^[a-z0-9][a-z0-9_-]{0,63}$' }),
  chainType: Type.Enum(['Development', 'Local', 'Live']),
  properties: Type.Object({
    ss58Format: Type.Integer({ minimum: 0, maximum: 16383 }),
    tokenDecimals: Type.Integer({ minimum: 0, maximum: 32 }),
    tokenSymbol: Type.String({ minLength: 1, maxLength: 12 }),
  }),
  genesis: Type.Record(Type.String(), Type.Unknown()),
});

/** The spec of a built-in chain, or of a file. Throws `ConfigError`. */
export async function chainSpecOf(chain: string): Promise<ChainSpec> {
  switch (chain) {
    case 'dev':
      return {
        name: 'Hamster Development',
        id: 'hamster-dev',
        chainType: 'Development',
        properties: PROPERTIES,
        genesis: PRESETS.dev,
      };
    case 'local':
      return {
        name: 'Hamster Local Testnet',
        id: 'hamster-local',
        chainType: 'Local',
        properties: PROPERTIES,
        genesis: PRESETS.local,
      };
    default:
      return readChainSpec(chain);
  }
}

async function readChainSpec(path: string): Promise<ChainSpec> {
  try {
    const spec = await readJsonState(path, FILE);
    if (spec) return spec;
  } catch (error) {
    throw new ConfigError([`--chain: ${sentenceOf(error)}`]);
  }
  throw new ConfigError([`--chain is "${path}", which is neither dev nor local nor a file that exists.`]);
}
