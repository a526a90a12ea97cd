import { readJsonState, Type, writeJsonState, type Static } from '@hamster/daemon';

const Size = Type.Object({ cpuCores: Type.Integer(), memoryMib: Type.Integer(), diskGib: Type.Integer() });
const Choice = Type.Object({
  /** The size that the renter wants, when it is not the lease's. */
  size: Type.Optional(Size),
  /** Sizes of before, until the machine surely has the new one: a crash in between leaves it with any of them. */
  formerSizes: Type.Optional(Type.Array(Size)),
  /** The keys that the renter wants, when they are not the one of the order. */
  sshPublicKeys: Type.Optional(Type.Array(Type.String())),
});
/** As many resizes in a row may be cut short before the first of them is forgotten. */
const MAX_FORMER = 8;
const FORM = Type.Object({ leases: Type.Record(Type.String(), Choice) });

export type Choice = Static<typeof Choice>;

/** What renters chose for their machines since the order: neither the chain nor a driver can be asked for it. */
export interface Choices {
  of(leaseId: string): Choice;
  /** Writes a choice down before `act` carries it out, and takes it back when that fails. */
  change<T>(leaseId: string, choice: Omit<Choice, 'formerSizes'>, act: () => Promise<T>): Promise<T>;
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

  async function settle(leaseId: string): Promise<void> {
    const { formerSizes, ...settled } = known.get(leaseId) ?? {};
    // Where it cannot be written, the machine counts with a former size too: that harms nobody.
    if (formerSizes !== undefined) await put(leaseId, settled).catch(() => undefined);
  }

  return {
    of: (leaseId) => known.get(leaseId) ?? {},
    async change(leaseId, choice, act) {
      const before = known.get(leaseId);
      try {
        await put(leaseId, begun(before, choice));
        const outcome = await act();
        if (choice.size) await settle(leaseId);
        return outcome;
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

function begun(before: Choice | undefined, choice: Choice): Choice {
  if (!choice.size || !before?.size) return { ...before, ...choice };
  const formerSizes = [before.size, ...(before.formerSizes ?? [])].slice(0, MAX_FORMER);
  return { ...before, ...choice, formerSizes };
}
