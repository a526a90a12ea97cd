import { PeerError } from '@hamster/p2p';

/** Lets one change of a machine happen at a time: a renter's command, or a start by the reconciler. */
export class MachineGate {
  readonly #busy = new Map<string, string>();

  /** The change that is being made to the lease's machine. */
  busyWith(leaseId: string): string | undefined {
    return this.#busy.get(leaseId);
  }

  /** Throws PeerError MACHINE_BUSY, at once, while another change is made. */
  async run<T>(leaseId: string, what: string, change: () => Promise<T>): Promise<T> {
    const other = this.#busy.get(leaseId);
    if (other !== undefined) {
      const message = `The machine of lease ${leaseId} is busy with "${other}"; try again when that is done`;
      throw new PeerError('MACHINE_BUSY', message);
    }
    this.#busy.set(leaseId, what);
    try {
      return await change();
    } finally {
      this.#busy.delete(leaseId);
    }
  }
}
