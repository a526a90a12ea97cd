import type { GenesisConfig } from '@hamster/frame';
import { arbitration, gateway, provider, resourceOrder, validators } from '@hamster/pallets';
import { HAM } from '../constants.ts';
import { DEV_ACCOUNTS, DEV_SESSION_KEYS, type DevName } from './accounts.ts';

const ENDOWMENT = 1_000_000n * HAM;

const endowed = Object.values(DEV_ACCOUNTS).map((address) => [address, String(ENDOWMENT)]);

type Numbers = Readonly<Record<string, bigint | number>>;

const asJson = (parameters: Numbers): Readonly<Record<string, number | string>> =>
  Object.fromEntries(
    Object.entries(parameters).map(([name, value]) => [
      name,
      typeof value === 'bigint' ? String(value) : value,
    ]),
  );

const validatorsOf = (...names: readonly DevName[]) =>
  names.map((name) => ({ account: DEV_ACCOUNTS[name], ...DEV_SESSION_KEYS[name] }));

const aliceAuthors = {
  aura: { authorities: [DEV_SESSION_KEYS.alice.aura] },
  grandpa: { authorities: [[DEV_SESSION_KEYS.alice.grandpa, 1]] },
};

/**
 * Plain JSON: money is decimal text. Short periods. Alice makes the blocks; the panel of disputes are she and those who
 * have no other part in the development network, so that two of three decide about a lease of Alice and Bob.
 */
const development: GenesisConfig = {
  ...aliceAuthors,
  balances: { balances: endowed },
  sudo: { key: DEV_ACCOUNTS.alice },
  provider: { parameters: asJson(provider.DEV_PARAMETERS) },
  resourceOrder: { parameters: asJson(resourceOrder.DEV_PARAMETERS) },
  gateway: { parameters: asJson(gateway.DEV_PARAMETERS) },
  arbitration: { parameters: asJson(arbitration.DEV_PARAMETERS) },
  validators: {
    parameters: asJson(validators.DEV_PARAMETERS),
    validators: validatorsOf('alice', 'dave', 'eve', 'ferdie'),
  },
};

/** The periods and stakes of a public network, with its several validators: what a rehearsal is held on. */
const local: GenesisConfig = {
  ...aliceAuthors,
  balances: { balances: endowed },
  sudo: { key: DEV_ACCOUNTS.alice },
  provider: { parameters: asJson(provider.PUBLIC_PARAMETERS) },
  resourceOrder: { parameters: asJson(resourceOrder.PUBLIC_PARAMETERS) },
  gateway: { parameters: asJson(gateway.PUBLIC_PARAMETERS) },
  arbitration: { parameters: asJson(arbitration.PUBLIC_PARAMETERS) },
  validators: {
    parameters: asJson(validators.PUBLIC_PARAMETERS),
    validators: validatorsOf('alice', 'bob', 'charlie', 'dave', 'eve'),
  },
};

export type PresetName = 'dev' | 'local';

/** `dev`: one author, short periods; `local`: several validators, periods of a public network. Well-known keys in both. */
export const PRESETS: Readonly<Record<PresetName, GenesisConfig>> = { dev: development, local };
