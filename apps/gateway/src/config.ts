import { defineConfig, swarmKeySetting, Type, type ConfigOf } from '@hamster/daemon';
import { apiSettings } from '@hamster/daemon-api';
import { RELAY_LIMITS } from '@hamster/p2p';
import { HAM_PATTERN } from './ham.ts';

const MAX_ADDRESSES = 8;

const bound = (value: number, description: string) =>
  Type.Integer({ default: value, minimum: 1, placeholder: 'n', description });

const unbounded = (placeholder: string, description: string) =>
  Type.Optional(
    Type.Integer({ minimum: 1, placeholder, description: `${description}; no bound unless given` }),
  );

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
    claim: Type.Object({
      auto: Type.Boolean({
        default: true,
        description: 'Claim the rewards of ended eras by itself',
        off: 'Leave the rewards of ended eras to be claimed by hand',
      }),
      minutes: Type.Integer({
        default: 30,
        minimum: 1,
        maximum: 10_080,
        placeholder: 'n',
        description: 'Minutes between two looks at the rewards',
      }),
      atLeast: Type.String({
        default: '1',
        pattern: HAM_PATTERN,
        placeholder: 'HAM',
        description: 'Rewards that are worth the fee of a claim; less is left to grow',
      }),
    }),
    api: apiSettings(9617),
    swarmKey: swarmKeySetting(),
    tls: Type.Object({
      cert: Type.Optional(
        Type.String({
          path: true,
          placeholder: 'file',
          description:
            'PEM file of the certificate and its chain, for listeners that end in /tls/ws; read again when it changes',
        }),
      ),
      key: Type.Optional(
        Type.String({ path: true, placeholder: 'file', description: 'PEM file of the certificate’s key' }),
      ),
    }),
    max: Type.Object({
      peers: bound(RELAY_LIMITS.connections, 'Connections to this gateway, whatever they are for'),
      peerConnections: bound(RELAY_LIMITS.connectionsPerPeer, 'Of those, from one peer'),
      addressConnections: bound(RELAY_LIMITS.connectionsPerAddress, 'Of those, from one IP address'),
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
      gibPerDay: unbounded('GiB', 'Data relayed in a day (UTC), after which relayed connections are cut'),
      gibPerDayPerClient: unbounded('GiB', 'The same for one client'),
      mibPerSecond: unbounded('MiB', 'Rate of all relayed data, shared fairly among the clients'),
      mibPerSecondPerClient: unbounded('MiB', 'Rate of all that one client has relayed, both directions'),
      waitingMib: bound(
        RELAY_LIMITS.bufferedBytes / 2 ** 20,
        'Memory for data that slow readers have not taken; beyond, those that hold most are cut',
      ),
    }),
  }),
);

export type Config = ConfigOf<typeof config>;

/** The stake that the operator wants, in planck; undefined leaves it to the chain's rules. */
export function stakeOf({ stake }: Pick<Config, 'stake'>): bigint | undefined {
  return stake === undefined ? undefined : BigInt(stake) * 10n ** 12n;
}
