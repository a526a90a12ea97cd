import { toHex } from '@hamster/crypto';
import {
  camelCase,
  type Composition,
  drainEvents,
  EventCount,
  type GenesisConfig,
  GenesisError,
  GenesisReader,
  MemoryState,
  writeStorageVersions,
} from '@hamster/frame';
import { EXISTENTIAL_DEPOSIT } from '../constants.ts';
import { POTS } from '../pots.ts';

const ensureKnown = (composition: Composition, config: GenesisConfig): void => {
  const known = composition.pallets.map(({ name }) => camelCase(name));
  const unknown = Object.keys(config).find((key) => !known.includes(key));
  if (unknown) throw new GenesisError(unknown, `the name of a pallet (${known.join(', ')})`, config[unknown]);
};

/** The pots exist from the start, whatever the configuration says. */
const withPots = (config: GenesisConfig): GenesisConfig => {
  const given = new GenesisReader(config['balances'], 'balances').field('balances').list();
  const addresses = new Set(given.map((entry) => entry.list()[0]).map((who) => who && toHex(who.account())));
  const pots = Object.values(POTS)
    .map((pot) => toHex(pot))
    .filter((pot) => !addresses.has(pot))
    .map((pot) => [pot, EXISTENTIAL_DEPOSIT]);
  const listed = (config['balances'] as { balances?: readonly unknown[] } | undefined)?.balances ?? [];
  return {
    ...config,
    balances: { ...(config['balances'] as object | undefined), balances: [...listed, ...pots] },
  };
};

/** The first state: what each pallet makes of its part of the configuration, and `code`. @throws GenesisError */
export const buildGenesis = (
  composition: Composition,
  given: GenesisConfig,
  code: Iterable<readonly [key: Uint8Array, value: Uint8Array]>,
): Iterable<[key: Uint8Array, value: Uint8Array]> => {
  ensureKnown(composition, given);
  const config = withPots(given);
  const state = new MemoryState();
  const ctx = composition.context(state);
  for (const pallet of composition.pallets) {
    const key = camelCase(pallet.name);
    const own = new GenesisReader(config[key], key);
    if (pallet.genesis) pallet.genesis(ctx, own);
    else own.only();
  }
  writeStorageVersions(ctx, composition.pallets);
  drainEvents(ctx);
  EventCount.remove(ctx);
  for (const [key, value] of code) state.put(key, value);
  return state.entries();
};
