import { defineConfig, swarmKeySetting, Type, type ConfigOf } from '@hamster/daemon';
import { apiSettings } from '@hamster/daemon-api';
import { WARM_PATTERN } from './warm-machines.ts';

const HAM = '^\\d{1,12}(\\.\\d{1,12})?$';

const ham = (value: string, description: string) =>
  Type.String({ default: value, pattern: HAM, placeholder: 'HAM', description });

/** Everything that an operator can set. Defaults suit a first try; a real offer should set its prices. */
export const config = defineConfig(
  'provider',
  Type.Object({
    chain: Type.String({
      default: 'ws://127.0.0.1:9944',
      placeholder: 'url',
      description: 'Node to talk to',
    }),
    account: Type.Optional(
      Type.String({ placeholder: 'name', description: 'Account of the keystore that stakes and is paid' }),
    ),
    devAccount: Type.Optional(
      Type.String({
        placeholder: 'name',
        description: 'Publicly known account instead, e.g. bob; development chains only',
      }),
    ),
    passphraseFile: Type.Optional(
      Type.String({
        path: true,
        placeholder: 'file',
        description: 'File with the passphrase of the account',
      }),
    ),
    driver: Type.Enum(['libvirt', 'docker', 'process'], {
      default: 'libvirt',
      placeholder: 'kind',
      description:
        'libvirt: virtual machines. docker: containers, a weaker wall. process: an SSH server on this host, NOT isolated, development chains only',
    }),
    allowEmulation: Type.Boolean({
      default: false,
      description:
        'Offer virtual machines although KVM does not work here: they are slow, and the offer says so',
    }),
    images: Type.Array(Type.String(), {
      default: [],
      placeholder: 'name',
      description: 'Images to offer; all that were built unless given',
    }),
    warm: Type.Array(Type.String({ pattern: WARM_PATTERN }), {
      default: [],
      placeholder: 'image:cores:MiB:n',
      description:
        'Virtual machines to boot ahead of orders, which take their memory until then, e.g. debian-12:1:1024:2; none unless given',
    }),
    offer: Type.Object({
      cores: Type.Optional(
        Type.Integer({
          minimum: 1,
          placeholder: 'n',
          description: 'Cores to offer; all but one unless given',
        }),
      ),
      memory: Type.Optional(
        Type.Integer({
          minimum: 128,
          placeholder: 'MiB',
          description: 'Memory to offer; three quarters of the host unless given',
        }),
      ),
      disk: Type.Optional(
        Type.Integer({
          minimum: 1,
          placeholder: 'GiB',
          description: 'Disk to offer; half of what is free unless given',
        }),
      ),
      region: Type.String({
        default: 'unknown',
        maxLength: 32,
        placeholder: 'text',
        description: 'Where the machine stands, e.g. eu-central',
      }),
      days: Type.Integer({
        default: 30,
        minimum: 1,
        maximum: 400,
        placeholder: 'n',
        description: 'How long the offer stands from each start on',
      }),
    }),
    price: Type.Object({
      core: ham('0.01', 'Price of one core for an hour'),
      memory: ham('0.005', 'Price of one GiB of memory for an hour'),
      disk: ham('0.0001', 'Price of one GiB of disk for an hour'),
    }),
    stake: Type.Optional(
      Type.String({
        pattern: HAM,
        placeholder: 'HAM',
        description: 'Stake to hold in all; what the offer needs to be listed, twice, unless given',
      }),
    ),
    rejoin: Type.Boolean({
      default: false,
      description: 'Bring a machine back that left the market, which stakes again',
    }),
    payout: Type.Object({
      to: Type.Optional(
        Type.String({
          pattern: '^[1-9A-HJ-NP-Za-km-z]{40,60}$',
          placeholder: 'address',
          description: 'Account to which income is sent; the only one to which the API sends any',
        }),
      ),
      keep: ham('1', 'What a payout leaves on the account, for fees'),
    }),
    api: apiSettings(9616),
    swarmKey: swarmKeySetting(),
    listen: Type.Array(Type.String(), {
      default: ['/ip4/0.0.0.0/tcp/0'],
      placeholder: 'multiaddr',
      description: 'Where clients that reach this host directly connect',
    }),
    mapPort: Type.Boolean({
      default: true,
      description:
        'Ask the router, by UPnP or NAT-PMP, to forward the port to this host; not on a development chain, nor while other addresses are announced',
      off: 'Do not ask the router, by UPnP or NAT-PMP, to forward the port to this host; it never is on a development chain, nor while other addresses are announced',
    }),
    announce: Type.Array(Type.String(), {
      default: [],
      placeholder: 'multiaddr',
      description:
        'What to tell clients instead, e.g. the public address of a router that forwards a port here',
    }),
  }),
);

export type Config = ConfigOf<typeof config>;
