import { definePallet, distinctKeys, GenesisError, type GenesisReader } from '@hamster/frame';
import { events } from './events.ts';
import { Authorities, CurrentSetId } from './storage.ts';

const authoritiesOf = (entries: readonly GenesisReader[]): [Uint8Array, bigint][] => {
  const read = distinctKeys();
  return entries.map((entry) => {
    const [key, weight] = entry.list();
    if (!key || !weight) throw new GenesisError('grandpa.authorities', 'a list of [key, weight]', undefined);
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
      Authorities.put(ctx, authoritiesOf(genesis.only('authorities').field('authorities').list()));
      CurrentSetId.put(ctx, 0n);
    },
  });
