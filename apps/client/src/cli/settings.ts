import { defineBareConfig, swarmKeySetting, Type } from '@hamster/daemon';
import type { ConfigOf } from '@hamster/daemon';

/** What holds for every command; each is a flag and an environment variable. */
export const settings = defineBareConfig(
  'client',
  Type.Object({
    chain: Type.String({
      default: 'ws://127.0.0.1:9944',
      placeholder: 'url',
      description: 'Node of the chain',
    }),
    account: Type.Optional(
      Type.String({
        placeholder: 'name',
        description: 'Account to use: its name here, or its address to look only',
      }),
    ),
    devAccount: Type.Optional(
      Type.String({
        placeholder: 'name',
        description: 'Use alice, bob … ferdie; on a development chain only',
      }),
    ),
    passphraseFile: Type.Optional(
      Type.String({
        path: true,
        placeholder: 'file',
        description: 'File with the passphrase of the account',
      }),
    ),
    home: Type.String({
      default: '~/.hamster',
      path: true,
      placeholder: 'directory',
      description: 'Where accounts, keys and state are kept',
    }),
    swarmKey: swarmKeySetting(),
    json: Type.Boolean({ default: false, description: 'Print JSON: amounts in planck as text, times in ms' }),
  }),
);

export type Settings = ConfigOf<typeof settings>;
