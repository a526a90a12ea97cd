import { readJsonState, Type, writeJsonState, type Static } from '@hamster/daemon';

const Size = Type.Object({ cpuCores: Type.Integer(), memoryMib: Type.Integer(), diskGib: Type.Integer() });
const Choice = Type.Object({
  /** The size that the renter wants, when it is not the lease's. */
  size: Type.Optional(Size),
  /** Sizes of before, until the machine surely has the new one: a crash in between leaves it with any of them. */
  formerSizes: Type.Optional(Type.Array(Size)),
  /** The keys that the renter wants, when they are not the one of the order. */
  sshPublicKeys: Type.Optional(Type.Array(Type.String())),
  /** The keys of before, until the machine surely has the new ones; without a list it was the order's one. */
  formerKeys: Type.Optional(Type.Object({ list: Type.Optional(Type.Array(Type.String())) })),
});
/** As many resizes in a row may be cut short before the first of them is forgotten. */
const MAX_FORMER = 8;
const FORM = Type.Object({ leases: Type.Record(Type.String(), Choice) });

export type Choice = Static<typeof Choice>;

type NewChoice = Pick<Choice, 'size' | 'sshPublicKeys'>;

/** What renters chose for their machines since the order: neither the chain nor a driver can be asked for it. */
export interface Choices {
  of(leaseId: string): Choice;
  /** Writes a choice down before `act` carries it out, and takes it back when that fails. */
  change<T>(leaseId: string, choice: NewChoice, act: () => Promise<T>): Promise<T>;
  /** Leases whose keys were chosen by a process that ended before it knew that the machine has them. */
  unsureKeys(): readonly string[];
  /** Tells whether the machine has the keys that were chosen; if not, those of before count again. */
  settleKeys(leaseId: string, has: boolean): Promise<void>;
  forget(leaseId: string): Promise<void>;
  /** Forgets all other leases. */
  keepOnly(leaseIds: ReadonlySet<string>): Promise<void>;
}

/** The choices in a file. Throws DaemonError STATE_UNREADABLE. */
export async function openChoices(path: string): Promise<Choices> {
  const known = new Map(Object.entries((await readJsonState(path, FORM))?.leases ?? {}));
  let writing = Promise.resolve();

  function put(leaseId: string, choice: Choice | undefined): Promise<void> {
    remember(leaseId, choice);
    return write();
  }

  function write(): Promise<void> {
    const written = writing.then(() => writeJsonState(path, { leases: Object.fromEntries(known) }));
    writing = written.catch(() => undefined);
    return written;
  }

  function remember(leaseId: string, choice: Choice | undefined): void {
    if (choice === undefined) known.delete(leaseId);
    else known.set(leaseId, choice);
  }

  async function settle(leaseId: string, { size, sshPublicKeys }: NewChoice): Promise<void> {
    const { formerSizes, formerKeys, ...rest } = known.get(leaseId) ?? {};
    const [dropsSizes, dropsKeys] = [size && formerSizes, sshPublicKeys && formerKeys];
    if (!dropsSizes && !dropsKeys) return;
    const sizes = !dropsSizes && formerSizes && { formerSizes };
    const keys = !dropsKeys && formerKeys && { formerKeys };
    // Where it cannot be written, a former size counts too, and keys are applied once more: that harms nobody.
    await put(leaseId, { ...rest, ...sizes, ...keys }).catch(() => undefined);
  }

  return {
    of: (leaseId) => known.get(leaseId) ?? {},
    async change(leaseId, choice, act) {
      const before = known.get(leaseId);
      try {
        await put(leaseId, begun(before, choice));
        const outcome = await act();
        await settle(leaseId, choice);
        return outcome;
      } catch (error) {
        // Also where the disk takes nothing any more: what was not carried out does not count.
        remember(leaseId, before);
        await put(leaseId, before).catch(() => undefined);
        throw error;
      }
    },
    unsureKeys: () => [...known].filter(([, { formerKeys }]) => formerKeys).map(([leaseId]) => leaseId),
    async settleKeys(leaseId, has) {
      const { formerKeys, sshPublicKeys, ...rest } = known.get(leaseId) ?? {};
      if (formerKeys === undefined) return;
      const keys = has ? sshPublicKeys : formerKeys.list;
      await put(leaseId, { ...rest, ...(keys && { sshPublicKeys: keys }) });
    },
    async forget(leaseId) {
      if (known.has(leaseId)) await put(leaseId, undefined);
    },
    async keepOnly(leaseIds) {
      const others = [...known.keys()].filter((leaseId) => !leaseIds.has(leaseId));
      if (others.length === 0) return;
      for (const leaseId of others) known.delete(leaseId);
      await write();
    },
  };
}

function begun(before: Choice | undefined, choice: NewChoice): Choice {
  return { ...before, ...choice, ...sizesOfBefore(before, choice), ...keysOfBefore(before, choice) };
}

function sizesOfBefore(before: Choice | undefined, { size }: NewChoice): Pick<Choice, 'formerSizes'> {
  if (!size || !before?.size) return {};
  return { formerSizes: [before.size, ...(before.formerSizes ?? [])].slice(0, MAX_FORMER) };
}

/** Those that the machine surely had last. */
function keysOfBefore(before: Choice | undefined, { sshPublicKeys }: NewChoice): Pick<Choice, 'formerKeys'> {
  if (!sshPublicKeys) return {};
  const list = before?.sshPublicKeys;
  return { formerKeys: before?.formerKeys ?? (list ? { list } : {}) };
}
