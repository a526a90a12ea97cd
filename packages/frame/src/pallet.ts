import type { AnyType, Type } from '@hamster/scale';
import type { CallDefinition } from './call.ts';
import type { Context } from './context.ts';
import type { GenesisReader } from './genesis.ts';
import type { Migration } from './migration.ts';
import type { StorageItem } from './storage/item.ts';
import type { ViewFunction } from './view-function.ts';
import type { WeightMeter } from './weight-meter.ts';

export interface PalletConstant {
  readonly type: AnyType;
  readonly value: unknown;
  readonly docs: readonly string[];
}

/** A number that clients read from metadata. */
export const constant = <T>(
  type: Type<T>,
  value: NoInfer<T>,
  ...docs: readonly string[]
): PalletConstant => ({
  type,
  value,
  docs,
});

export interface AssociatedType {
  readonly type: AnyType;
  readonly docs: readonly string[];
}

/**
 * What a pallet does by itself in each block. Every hook runs in a layer of its own: one that throws is undone and
 * reported, and nothing else suffers.
 */
export interface PalletHooks {
  /** Before anything else; `ctx.now` is still the parent's time. */
  onInitialize?(ctx: Context, meter: WeightMeter): void;
  /**
   * When the block's time is known, before the first transaction: the place for what is due. Stops between two pieces of
   * work, so that whoever executes the block can do something else meanwhile.
   */
  onPoll?(ctx: Context, meter: WeightMeter): Iterable<void>;
  onFinalize?(ctx: Context): void;
}

export interface PalletDefinition {
  /** PascalCase; prefix of the storage, name on the wire. */
  readonly name: string;
  readonly index: number;
  readonly docs?: readonly string[];
  readonly storage?: readonly StorageItem[];
  readonly calls?: Readonly<Record<string, CallDefinition>>;
  /** The `type` of what `defineEvents` gives. */
  readonly events?: { readonly type: AnyType };
  readonly errors?: {
    readonly type: AnyType;
    readonly names: readonly string[];
    readonly docs: Readonly<Record<string, string>>;
  };
  readonly constants?: Readonly<Record<string, PalletConstant>>;
  /** Types that clients look up under a name that every chain shares, such as the type of a balance. */
  readonly associatedTypes?: Readonly<Record<string, AssociatedType>>;
  readonly viewFunctions?: Readonly<Record<string, ViewFunction>>;
  /** Names under which this pallet holds money of accounts. */
  readonly holdReasons?: readonly string[];
  readonly hooks?: PalletHooks;
  /** In which shape these rules keep the pallet's storage. Default 0. */
  readonly storageVersion?: number;
  /** From each older version on to the next one, up to `storageVersion`. */
  readonly migrations?: readonly Migration[];
  /** Writes the pallet's part of the first state from its part of the configuration. */
  genesis?(ctx: Context, config: GenesisReader): void;
  /** Throws `InvariantBroken` when what must always hold does not. For tests: reads everything. */
  tryState?(ctx: Context): void;
}

/** Keeps the exact type, so that `pallet.calls.name` stays known. */
export const definePallet = <const P extends PalletDefinition>(definition: P): P => definition;

/** An invariant of the state does not hold: always a bug. */
export class InvariantBroken extends Error {
  override readonly name = 'InvariantBroken';
  readonly code = 'INVARIANT_BROKEN';
}

export function ensureInvariant(condition: boolean, message: string): asserts condition {
  if (!condition) throw new InvariantBroken(message);
}
