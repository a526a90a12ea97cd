import type { Account } from '../chain/accounts.ts';
import type { Cast } from './cast.ts';
import type { Call, Chain } from './chain.ts';

/** What has to have happened: so many events of this name, as clients know it: "pallet.Event". */
export interface Proof {
  readonly event: string;
  readonly times: number;
}

/** The worst that one call can do, as often as a block holds it or there are people who can. */
export interface CallCase {
  /** As in the metadata: "Pallet.call". */
  readonly call: string;
  /** The event of each extrinsic that did what is meant, or so many of them. */
  readonly proof: string | Proof;
  /** How often it can be done in one block, if not as often as the cast is large. */
  readonly count?: (cast: Cast) => number;
  /** Any number of times by anybody who can do it once: blocks are filled with it, too. */
  readonly endless?: boolean;
  /** ms from the last block of the preparation to the one that is measured; default a second. */
  readonly wait?: number;
  /** Makes what it needs, in the open block and further ones. */
  prepare?(chain: Chain, cast: Cast): void;
  make(chain: Chain, cast: Cast, index: number): { readonly by: Account; readonly call: Call };
}

/** The worst that the tasks of an agenda can do, or another thing that is due at a moment. */
export interface TaskCase {
  /** "Pallet.Task", named as the variant in the metadata, or "Pallet.Agenda" where an agenda has one kind of them. */
  readonly task: string;
  /** Which path it is, where a task has several. */
  readonly path?: string;
  /** How many of them the measured block does. */
  readonly count: (cast: Cast) => number;
  /** The event that tells that one is done. */
  readonly proof?: string;
  /** What one that leaves no event has removed: the beginnings of all keys that have to be gone. */
  readonly gone?: (cast: Cast) => readonly Uint8Array[];
  /** ms from the last block of the preparation to the one that is measured. */
  readonly wait: number;
  /** Makes what it needs, in the open block and further ones. */
  prepare(chain: Chain, cast: Cast): void;
}

/** Root makes the call. */
export const sudo = (chain: Chain, { root }: Cast, name: string, ...args: readonly unknown[]) => ({
  by: root,
  call: chain.call('Sudo.sudo', chain.call(name, ...args)),
});

/** Root makes the call now. */
export function asRoot(chain: Chain, cast: Cast, name: string, ...args: readonly unknown[]): void {
  const { by, call } = sudo(chain, cast, name, ...args);
  chain.apply(chain.extrinsic(by, call), name);
}

/** Somebody who pays for it makes the pot of a pallet one that there is something in. */
export const fund = (chain: Chain, { root }: Cast, pot: Uint8Array, planck: bigint): void =>
  chain.send(root, 'Balances.transfer_keep_alive', { Id: pot }, String(planck));
