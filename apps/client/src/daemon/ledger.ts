import { DaemonError, readJsonState, sentenceOf, Type, writeJsonState, type Static } from '@hamster/daemon';

const Digits = Type.String({ pattern: '^\\d+$' });

const Open = Type.Object({
  lease: Type.Integer(),
  /** When the lease ended before, ms since 1970. */
  endsAt: Type.Integer(),
  hours: Type.Integer({ minimum: 1 }),
  /** Planck. */
  perHour: Digits,
  nonce: Type.Integer(),
  /** Other terms that it was sent with before, under the same nonce: the price per hour in planck, by hours. */
  earlier: Type.Optional(Type.Record(Type.String({ pattern: '^[1-9]\\d*$' }), Digits)),
});

/** An extension that was sent, or was about to be: whether the chain does it, this daemon has not seen yet. */
export type OpenExtension = Readonly<Static<typeof Open>>;

const Book = Type.Object({ spent: Digits, open: Type.Array(Open) });
/** An older release wrote down what was spent, and nothing else. */
const Schema = Type.Record(Type.String(), Type.Union([Digits, Book]));

/**
 * What automatic extension has spent, kept on disk: a daemon that starts again does not begin at nothing.
 * What cannot be written throws DaemonError STATE_UNWRITABLE, and changes nothing.
 */
export interface Ledger {
  /** Planck, of one account on one chain; with what is open. */
  spent(): bigint;
  open(): readonly OpenExtension[];
  /**
   * Written down before the money is sent: a crash in between counts too much, never too little. Other terms for what is open already,
   * under its nonce, count as the dearer of the two: the chain does one of them.
   */
  begin(extension: OpenExtension): Promise<void>;
  /** The chain has done it. @param hours by which the lease has become longer, where it is known: more than these were not paid. */
  done(extension: OpenExtension, hours?: number): Promise<void>;
  /** The chain has not done it, and never will. */
  undone(extension: OpenExtension): Promise<void>;
}

/** In planck. */
export function totalOf({ hours, perHour }: Pick<OpenExtension, 'hours' | 'perHour'>): bigint {
  return BigInt(hours) * BigInt(perHour);
}

/** The most that it may cost, with whichever terms it comes through; in planck. @param hours no more than these were given */
export function mostOf(extension: OpenExtension, hours = Infinity): bigint {
  const all = Object.entries(termsOf(extension)).map(([each, perHour]) => ({ hours: Number(each), perHour }));
  const possible = all.filter((terms) => terms.hours <= hours);
  return (possible.length > 0 ? possible : all).map(totalOf).reduce(larger);
}

/** The price per hour by hours, of all terms that it was sent with: of the same hours the higher one. */
function termsOf({ hours, perHour, earlier = {} }: OpenExtension): Record<string, string> {
  return { ...earlier, [hours]: larger(BigInt(perHour), BigInt(earlier[hours] ?? 0)).toString() };
}

function larger(one: bigint, other: bigint): bigint {
  return one > other ? one : other;
}

/** @param owner names account and chain. Throws DaemonError STATE_UNREADABLE for a damaged file. */
export async function openLedger(path: string, owner: string): Promise<Ledger> {
  const all = { ...(await readJsonState(path, Schema)) };
  const kept = all[owner] ?? '0';
  let { spent, open }: Static<typeof Book> = typeof kept === 'string' ? { spent: kept, open: [] } : kept;
  const save = async (change: bigint, now: typeof open): Promise<void> => {
    const next = { spent: (BigInt(spent) + change).toString(), open: now };
    // First on disk: what is known here alone would be sent, and forgotten with the next start.
    await writeJsonState(path, { ...all, [owner]: next }).catch((error: unknown) => {
      throw unwritable(path, error);
    });
    ({ spent, open } = next);
  };
  const without = ({ nonce }: OpenExtension): typeof open => open.filter((each) => each.nonce !== nonce);
  return {
    spent: () => BigInt(spent),
    open: () => open,
    begin: (extension) => {
      const before = open.find(({ lease, nonce }) => lease === extension.lease && nonce === extension.nonce);
      const now = before ? { ...extension, earlier: termsOf(before) } : extension;
      return save(mostOf(now) - (before ? mostOf(before) : 0n), [...without(now), now]);
    },
    done: (extension, hours) => save(mostOf(extension, hours) - mostOf(extension), without(extension)),
    undone: (extension) => save(-mostOf(extension), without(extension)),
  };
}

/** The error itself names a temporary file, which is another one each time: who says a reason once needs the same words. */
function unwritable(path: string, cause: unknown): DaemonError {
  const why = cause instanceof Error && 'code' in cause ? String(cause.code) : sentenceOf(cause);
  const sentence = `What extensions cost cannot be written down in ${path} (${why}), so no lease is extended.`;
  const advice = 'Make room on the disk, or let this account write there.';
  return new DaemonError('STATE_UNWRITABLE', `${sentence} ${advice}`, { cause });
}
