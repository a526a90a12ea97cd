import { readJsonState, Type, writeJsonState, type Static } from '@hamster/daemon';

const Digits = Type.String({ pattern: '^\\d+$' });

const Open = Type.Object({
  lease: Type.Integer(),
  /** When the lease ended before, ms since 1970. */
  endsAt: Type.Integer(),
  hours: Type.Integer({ minimum: 1 }),
  /** Planck. */
  perHour: Digits,
  nonce: Type.Integer(),
});

/** An extension that was sent, or was about to be: whether the chain does it, this daemon has not seen yet. */
export type OpenExtension = Readonly<Static<typeof Open>>;

const Book = Type.Object({ spent: Digits, open: Type.Array(Open) });
/** An older release wrote down what was spent, and nothing else. */
const Schema = Type.Record(Type.String(), Type.Union([Digits, Book]));

/** What automatic extension has spent, kept on disk: a daemon that starts again does not begin at nothing. */
export interface Ledger {
  /** Planck, of one account on one chain; with what is open. */
  spent(): bigint;
  open(): readonly OpenExtension[];
  /** Written down before the money is sent: a crash in between counts too much, never too little. */
  begin(extension: OpenExtension): Promise<void>;
  /** The chain has done it. */
  done(extension: OpenExtension): Promise<void>;
  /** The chain has not done it, and never will. */
  undone(extension: OpenExtension): Promise<void>;
}

/** In planck. */
export function totalOf({ hours, perHour }: Pick<OpenExtension, 'hours' | 'perHour'>): bigint {
  return BigInt(hours) * BigInt(perHour);
}

/** @param owner names account and chain. Throws DaemonError STATE_UNREADABLE for a damaged file. */
export async function openLedger(path: string, owner: string): Promise<Ledger> {
  const all = { ...(await readJsonState(path, Schema)) };
  const kept = all[owner] ?? '0';
  let { spent, open }: Static<typeof Book> = typeof kept === 'string' ? { spent: kept, open: [] } : kept;
  const save = async (change: bigint, now: typeof open): Promise<void> => {
    const next = { spent: (BigInt(spent) + change).toString(), open: now };
    // First on disk: what is known here alone would be sent, and forgotten with the next start.
    await writeJsonState(path, { ...all, [owner]: next });
    ({ spent, open } = next);
  };
  const without = ({ nonce }: OpenExtension): typeof open => open.filter((each) => each.nonce !== nonce);
  return {
    spent: () => BigInt(spent),
    open: () => open,
    begin: (extension) => save(totalOf(extension), [...without(extension), { ...extension }]),
    done: (extension) => save(0n, without(extension)),
    undone: (extension) => save(-totalOf(extension), without(extension)),
  };
}
