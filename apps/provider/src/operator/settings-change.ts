import type { MachineSpec, Prices } from '@hamster/chain-client';

/** What an operator may change while the daemon runs. Prices are planck an hour, times ms since 1970. */
export interface SettingsChange {
  readonly prices?: Partial<Prices> | undefined;
  readonly capacity?: Partial<MachineSpec> | undefined;
  readonly availableUntil?: number | undefined;
  /** True takes no further orders; false takes them again, also after a fault. */
  readonly draining?: boolean | undefined;
  readonly maintenance?: { readonly from: number; readonly to: number } | undefined;
}
