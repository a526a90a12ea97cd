import type { GenesisConfig } from '@hamster/frame';
import { gateway, provider, resourceOrder } from '@hamster/pallets';
import { HAM } from '../constants.ts';
import { DEV_ACCOUNTS, DEV_VOTER } from './accounts.ts';

const ENDOWMENT = 1_000_000n * HAM;

const endowed = Object.values(DEV_ACCOUNTS).map((address) => [address, String(ENDOWMENT)]);

const asJson = (
  parameters: Readonly<Record<string, bigint | number>>,
): Readonly<Record<string, number | string>> =>
  Object.fromEntries(
    Object.entries(parameters).map(([name, value]) => [
      name,
      typeof value === 'bigint' ? String(value) : value,
    ]),
  );

/** Plain JSON: money is decimal text. */
const development: GenesisConfig = {
  aura: { authorities: [DEV_ACCOUNTS.alice] },
  grandpa: { authorities: [[DEV_VOTER, 1]] },
  balances: { balances: endowed },
  sudo: { key: DEV_ACCOUNTS.alice },
  provider: { parameters: asJson(provider.DEV_PARAMETERS) },
  resourceOrder: { parameters: asJson(resourceOrder.DEV_PARAMETERS) },
  gateway: { parameters: asJson(gateway.DEV_PARAMETERS) },
};

export type PresetName = 'dev' | 'local';

/** `dev`: one author; `local`: several. Short periods, well-known keys. */
export const PRESETS: Readonly<Record<PresetName, GenesisConfig>> = { dev: development, local: development };
