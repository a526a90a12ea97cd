import { readJsonState, Type, writeJsonState } from '@hamster/daemon';

const Schema = Type.Record(Type.String(), Type.String({ pattern: '^\\d+$' }));

/** What automatic extension has spent, kept on disk: a daemon that starts again does not begin at nothing. */
export interface Ledger {
  /** Planck, of one account on one chain. */
  spent(): bigint;
  /** Written down before the money is sent: a crash in between counts too much, never too little. */
  add(amount: bigint): Promise<void>;
  /** The chain has refused: nothing was spent. */
  takeBack(amount: bigint): Promise<void>;
}

/** @param owner names account and chain. Throws DaemonError STATE_UNREADABLE for a damaged file. */
export async function openLedger(path: string, owner: string): Promise<Ledger> {
  const all: Record<string, string> = { ...(await readJsonState(path, Schema)) };
  const spent = (): bigint => BigInt(all[owner] ?? '0');
  const set = async (amount: bigint): Promise<void> => {
    all[owner] = amount.toString();
    await writeJsonState(path, all);
  };
  return {
    spent,
    add: (amount) => set(spent() + amount),
    takeBack: (amount) => set(spent() - amount),
  };
}
