import { definePallet, distinctKeys, type GenesisReader } from '@hamster/frame';
import { events } from './events.ts';
import { Authorities, CurrentSetId } from './storage.ts';

const SOME =
  'a list with the public key (ed25519) and the weight of at least one voter, without whom no block is ever final';

const authoritiesOf = (genesis: GenesisReader): [Uint8Array, bigint][] => {
  const entries = genesis.list();
  if (entries.length === 0) throw genesis.expected(SOME);
  const read = distinctKeys();
  return entries.map((entry) => {
    const [key, weight] = entry.pair('key', 'weight');
    return [read(key), weight.bigint()];
  });
};

export const grandpaPallet = () =>
  definePallet({
    name: 'Grandpa',
    index: 9,
    docs: ['Whose votes make blocks final.'],
    storage: [Authorities, CurrentSetId],
    events,
    genesis(ctx, genesis) {
      Authorities.put(ctx, authoritiesOf(genesis.only('authorities').field('authorities')));
      CurrentSetId.put(ctx, 0n);
    },
  });
