import { definePallet, GenesisError, type GenesisReader } from '@hamster/frame';
import { events } from './events.ts';
import { Authorities, CurrentSetId } from './storage.ts';

const weightedKey = (entry: GenesisReader): [Uint8Array, bigint] => {
  const [key, weight] = entry.list();
  if (!key || !weight) throw new GenesisError('grandpa.authorities', 'a list of [key, weight]', undefined);
  return [key.account(), weight.bigint()];
};

export const grandpaPallet = () =>
  definePallet({
    name: 'Grandpa',
    index: 9,
    docs: ['Whose votes make blocks final.'],
    storage: [Authorities, CurrentSetId],
    events,
    genesis(ctx, genesis) {
      Authorities.put(ctx, genesis.only('authorities').field('authorities').list().map(weightedKey));
      CurrentSetId.put(ctx, 0n);
    },
  });
