import type { MachineSpec } from '../driver.ts';

export type ProcessDriverOptions = {
  /** Everything the driver keeps goes under this directory; it is closed to other accounts. */
  stateDir: string;
  /** What to offer, when it is not all of the host. */
  capacity?: Partial<MachineSpec>;
  /** The name under which the environment is offered; default "process". */
  imageName?: string;
  /** How long a machine may take until SSH answers. */
  readyTimeoutMs?: number;
};
