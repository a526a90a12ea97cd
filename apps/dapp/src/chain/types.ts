import type { MachineSpec, Virtualization } from '@hamster/chain-client';

/** Moments are ms since 1970 by the chain's clock, money is planck, memory MiB, disk GiB. */
export type {
  Balance,
  ChainIdentity,
  CloseReason,
  Lease,
  MachineSpec,
  Offer,
  Order,
  OrderParameters,
  Resource,
  Virtualization,
} from '@hamster/chain-client';

/** The best isolation first. */
export const VIRTUALIZATIONS = [
  'Kvm',
  'Container',
  'Emulated',
  'Process',
] as const satisfies readonly Virtualization[];

export interface Head {
  readonly number: number;
  /** The block's timestamp. */
  readonly now: number;
}

/** What a renter can ask the chain to do. */
export type Action =
  | {
      readonly kind: 'rent';
      readonly resource: number;
      readonly spec: MachineSpec;
      readonly hours: number;
      readonly image: string;
      readonly sshPublicKey: string;
      readonly maxPricePerHour: bigint;
    }
  | { readonly kind: 'cancel'; readonly order: number }
  | { readonly kind: 'terminate'; readonly lease: number };

export interface Outcome {
  /** The order that a `rent` made. */
  readonly order: number | undefined;
}
