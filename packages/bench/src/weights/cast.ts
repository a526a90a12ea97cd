import { blake2b256 } from '@hamster/crypto';
import { HAM, PRESETS } from '@hamster/runtime';
import { accounts, type Account } from '../chain/accounts.ts';

/** As many as there may be. */
export const MAX_VALIDATORS = 64;
export const DAY = 86_400_000;
/** So that no era ends in a block that measures something else, ms. */
export const LONG_ERA = 365 * DAY;

/** Who acts: of each kind so many that a block has enough of the same for one measurement. */
export interface Cast {
  /** Of providers, renters, gateways and spare accounts each. */
  readonly size: number;
  /** Has the key of sudo. */
  readonly root: Account;
  readonly providers: readonly Account[];
  /** The one at an index rents the machine of the provider there. */
  readonly renters: readonly Account[];
  readonly gateways: readonly Account[];
  /** Have money, and nothing else. */
  readonly spare: readonly Account[];
  readonly validators: readonly Account[];
}

export function castOf(size: number): Cast {
  const [root, ...rest] = accounts(1 + 4 * size + MAX_VALIDATORS) as [Account, ...Account[]];
  const group = (index: number): Account[] => rest.slice(index * size, (index + 1) * size);
  return {
    ...{ size, root, providers: group(0), renters: group(1), gateways: group(2), spare: group(3) },
    validators: rest.slice(4 * size),
  };
}

/** An account that nobody has heard of yet. */
export const stranger = (index: number): Uint8Array => blake2b256(Buffer.from(`bench stranger ${index}`));

/** The account with this index. */
export function at(group: readonly Account[], index: number): Account {
  const found = group[index % group.length];
  if (!found) throw new RangeError(`There is nobody at ${index}`);
  return found;
}

export const keysOf = (index: number) => ({
  aura: hex(blake2b256(Buffer.from(`bench aura ${index}`))),
  grandpa: hex(blake2b256(Buffer.from(`bench grandpa ${index}`))),
});

const hex = (bytes: Uint8Array): string => `0x${Buffer.from(bytes).toString('hex')}`;

type Parameters = Readonly<Record<string, number | string>>;

/** What the chain begins with of a pallet, and what is different. Numbers may be more than JavaScript's: they are text then. */
export const parametersOf = (pallet: string, changes: Parameters = {}): Parameters => {
  const { parameters } = PRESETS.dev[pallet] as { parameters: Parameters };
  return { ...parameters, ...changes };
};

/** Longest texts, keys and lists that the rules take. */
export const LONGEST = {
  peerId: '12D3KooWQYV9dGMFoRzNStwpXztXaBUjtPqi6aU76ZgUriHhKust',
  images: Array.from({ length: 16 }, (_, index) => `image-${index}`.padEnd(64, 'x')),
  text: (length: number): string => 'x'.repeat(length),
  addresses: Array.from({ length: 8 }, (_, index) => `/dns4/gateway-${index}.`.padEnd(121, 'x') + '/tcp/44'),
  sshKey: 'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIAABAgMEBQYHCAkKCwwNDg8QERITFBUWFxgZGhscHR4f '.padEnd(
    1_024,
    'x',
  ),
} as const;

export function genesisOf({ root, providers, renters, gateways, spare, validators }: Cast) {
  const people = [root, ...providers, ...renters, ...gateways, ...spare, ...validators];
  const balances = people.map(({ publicKey }) => [hex(publicKey), String(1_000_000n * HAM)]);
  const panel = validators.map(({ publicKey }, index) => ({ account: hex(publicKey), ...keysOf(index) }));
  return {
    ...PRESETS.dev,
    balances: { balances },
    sudo: { key: hex(root.publicKey) },
    provider: { parameters: parametersOf('provider', { unbonding: 7 * DAY }) },
    gateway: {
      parameters: parametersOf('gateway', { era: LONG_ERA, claimable_eras: 168, due_per_block: 1_000 }),
    },
    arbitration: { parameters: parametersOf('arbitration', { retention: 2 * DAY, due_per_block: 1_000 }) },
    resourceOrder: { parameters: parametersOf('resourceOrder', { due_per_block: 100_000 }) },
    validators: { parameters: parametersOf('validators', { era: LONG_ERA }), validators: panel },
  };
}
