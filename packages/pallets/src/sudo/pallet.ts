import { definePallet } from '@hamster/frame';
import type { SudoConfig } from './config.ts';
import { errors } from './errors.ts';
import { events } from './events.ts';
import { removeKey } from './remove-key.ts';
import { setKey } from './set-key.ts';
import { Key } from './storage.ts';
import { sudo } from './sudo.ts';
import { sudoAs } from './sudo-as.ts';

export const sudoPallet = (config: SudoConfig) =>
  definePallet({
    name: 'Sudo',
    index: 5,
    docs: ['One key that may act as root.'],
    storage: [Key],
    calls: { sudo: sudo(config), set_key: setKey, sudo_as: sudoAs(config), remove_key: removeKey },
    events,
    errors,
    genesis(ctx, genesis) {
      const key = genesis.only('key').field('key');
      if (key.isPresent) Key.put(ctx, key.account());
    },
  });
