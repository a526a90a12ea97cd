import { readJsonState, Type, writeJsonState, type Static } from '@hamster/daemon';

const Choice = Type.Object({
  /** The size that the renter wants, when it is not the lease's. */
  size: Type.Optional(
    Type.Object({ cpuCores: Type.Integer(), memoryMib: Type.Integer(), diskGib: Type.Integer() }),
  ),
  /** The keys that the renter wants, when they are not the one of the order. */
  sshPublicKeys: Type.Optional(Type.Array(Type.String())),
});
const FORM = Type.Object({ leases: Type.Record(Type.String(), Choice) });

export type Choice = Static<typeof Choice>;

/** What renters chose for their machines since the order: neither the chain nor a driver can be asked for it. */
export interface Choices {
  of(leaseId: string): Choice;
  /** Writes a choice down before `act` carries it out, and takes it back when that fails. */
  change<T>(leaseId: string, choice: Choice, act: () => Promise<T>): Promise<T>;
  forget(leaseId: string): Promise<void>;
}

/** The choices in a file. Throws DaemonError STATE_UNREADABLE. */
export async function openChoices(path: string): Promise<Choices> {
  const known = new Map(Object.entries((await readJsonState(path, FORM))?.leases ?? {}));
  let writing = Promise.resolve();

  function put(leaseId: string, choice: Choice | undefined): Promise<void> {
    remember(leaseId, choice);
    const written = writing.then(() => writeJsonState(path, { leases: Object.fromEntries(known) }));
    writing = written.catch(() => undefined);
    return written;
  }

  function remember(leaseId: string, choice: Choice | undefined): void {
    if (choice === undefined) known.delete(leaseId);
    else known.set(leaseId, choice);
  }

  return {
    of: (leaseId) => known.get(leaseId) ?? {},
    async change(leaseId, choice, act) {
      const before = known.get(leaseId);
      try {
        await put(leaseId, { ...before, ...choice });
        return await act();
      } catch (error) {
        // Also where the disk takes nothing any more: what was not carried out does not count.
        remember(leaseId, before);
        await put(leaseId, before).catch(() => undefined);
        throw error;
      }
    },
    async forget(leaseId) {
      if (known.has(leaseId)) await put(leaseId, undefined);
    },
  };
}
