import { defineConfig, Type, type ConfigOf } from '@hamster/daemon';
import { RELAY_LIMITS } from '@hamster/p2p';

const MAX_ADDRESSES = 8;

const bound = (value: number, description: string) =>
  Type.Integer({ default: value, minimum: 1, placeholder: 'n', description });

/** Everything that an operator can set. */
export const config = defineConfig(
  'gateway',
  Type.Object({
    chain: Type.String({
      default: 'ws://127.0.0.1:9944',
      placeholder: 'url',
      description: 'Node to talk to',
    }),
    account: Type.Optional(
      Type.String({ placeholder: 'name', description: 'Account of the keystore that stakes and signs' }),
    ),
    devAccount: Type.Optional(
      Type.String({
        placeholder: 'name',
        description: 'Publicly known account instead, e.g. charlie; development chains only',
      }),
    ),
    passphraseFile: Type.Optional(
      Type.String({
        path: true,
        placeholder: 'file',
        description: 'File with the passphrase of the account',
      }),
    ),
    listen: Type.Array(Type.String(), {
      default: ['/ip4/0.0.0.0/tcp/4001', '/ip4/0.0.0.0/tcp/4002/ws'],
      minItems: 1,
      placeholder: 'multiaddr',
      description: 'Where to accept connections; browsers need one that ends in /ws',
    }),
    announce: Type.Array(Type.String({ maxLength: 128 }), {
      default: [],
      maxItems: MAX_ADDRESSES,
      placeholder: 'multiaddr',
      description:
        'Address under which the internet reaches this gateway, e.g. /ip4/203.0.113.7/tcp/4001; needed but on development chains',
    }),
    region: Type.String({
      default: 'unknown',
      maxLength: 32,
      placeholder: 'text',
      description: 'Where this gateway stands, e.g. eu-central',
    }),
    stake: Type.Optional(
      Type.Integer({
        minimum: 1,
        placeholder: 'HAM',
        description: 'Stake to hold; twice what a gateway needs, unless given',
      }),
    ),
    stayRegistered: Type.Boolean({
      default: false,
      description: 'Do not go offline on chain when stopped, for a quick restart',
    }),
    max: Type.Object({
      providers: bound(RELAY_LIMITS.reservations, 'Providers that may be reached through this gateway'),
      providersPerAddress: bound(RELAY_LIMITS.reservationsPerAddress, 'Of those, from one IP address'),
      connections: bound(RELAY_LIMITS.circuits, 'Relayed connections at once'),
      connectionsPerClient: bound(RELAY_LIMITS.circuitsPerSource, 'Of those, from one client'),
      connectionsPerProvider: bound(RELAY_LIMITS.circuitsPerDestination, 'Of those, to one provider'),
      gibPerConnection: Type.Optional(
        Type.Integer({
          minimum: 1,
          placeholder: 'GiB',
          description: 'Data after which a relayed connection is cut; no bound unless given',
        }),
      ),
    }),
  }),
);

export type Config = ConfigOf<typeof config>;
