import type { DisputeClaim, MachineSpec, Virtualization } from '@hamster/chain-client';

/** Moments are ms since 1970 by the chain's clock, money is planck, memory MiB, disk GiB. */
export type {
  ArbitrationParameters,
  Balance,
  ChainIdentity,
  CloseReason,
  Dispute,
  DisputeClaim,
  Lease,
  MachineSpec,
  Offer,
  Order,
  OrderParameters,
  Resource,
  Verdict,
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
  | { readonly kind: 'terminate'; readonly lease: number }
  | { readonly kind: 'dispute'; readonly lease: number; readonly claim: DisputeClaim };

/** What a renter can say is wrong, the most frequent first. */
export const CLAIMS = ['Unreachable', 'SpecMismatch', 'Other'] as const satisfies readonly DisputeClaim[];

export interface Outcome {
  /** The order that a `rent` made. */
  readonly order: number | undefined;
}
