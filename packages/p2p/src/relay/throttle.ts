import { bucketOf, type Bucket } from './bucket.ts';
import type { RelayLimits } from './relay-options.ts';

/** One direction of a circuit, as the throttle sees it. */
export interface Throttled {
  readonly source: string;
  /** It may read again; what it reads is charged before it asks anew. */
  wake(): void;
}

/** Bounds how fast is relayed, in all and for each source, and shares what there is fairly among the sources. */
export interface Throttle {
  charge(source: string, bytes: number): void;
  /** Whether it may read now. If not, it is woken when its turn has come. */
  mayRead(throttled: Throttled): boolean;
  /** It is gone. */
  forget(throttled: Throttled): void;
  stop(): void;
}

interface Source {
  readonly bucket: Bucket;
  readonly waiting: Set<Throttled>;
  /** What it has had while others waited, in bytes; of two the one with less goes first. */
  served: number;
  /** What those of it that were woken since the last look may still read in this turn, in bytes. */
  promised: number;
}

type Rates = Pick<RelayLimits, 'bytesPerSecond' | 'sourceBytesPerSecond'>;

/** How often those who wait are looked at, in ms. */
const LOOK_MS = 20;
/** What a turn is worth at least, in bytes: as much as a socket reads at once. */
const PORTION = 64 * 1024;
/** With more sources than that, the idle ones are forgotten. */
const MANY_SOURCES = 1000;

/**
 * Bytes are charged when they have come, so a bucket may go into debt; who reads from it then waits until that is
 * paid. Of those who wait for the total the source goes first that has had the least (start-time fair queueing), so
 * that a hundred connections of one source get no more than the one of another. A stream reads at once when it is woken, a
 * socket a moment later, and often less than it may: it is promised its part of what is shared out now, and reads on
 * until it has had that.
 */
export function throttle(rates: Rates, now: () => number = () => performance.now()): Throttle {
  const total = bucketOf(() => rates.bytesPerSecond, now());
  const sources = new Map<string, Source>();
  /** Somebody waits for the total: nobody may pass him. */
  let contended = false;
  let virtualTime = 0;
  let charged = 0;
  /** Of all sources: it counts as if it had been read. */
  let promises = 0;
  let timer: NodeJS.Timeout | undefined;

  function isLimited(): boolean {
    return rates.bytesPerSecond < Infinity || rates.sourceBytesPerSecond < Infinity;
  }

  function sourceOf(name: string): Source {
    const known = sources.get(name);
    if (known) return known;
    if (sources.size >= MANY_SOURCES) forgetIdle();
    const bucket = bucketOf(() => rates.sourceBytesPerSecond, now());
    const fresh: Source = { bucket, waiting: new Set(), served: virtualTime, promised: 0 };
    sources.set(name, fresh);
    return fresh;
  }

  /** Who owes nothing and waits for nothing is as good as unknown. */
  function forgetIdle(): void {
    for (const [name, { bucket, waiting, served }] of sources) {
      if (waiting.size === 0 && served <= virtualTime && bucket.isFull(now())) sources.delete(name);
    }
  }

  /** Whose turn it is, of those who wait and those who still read in their turn; undefined when nobody has to wait. */
  function next(): Source | undefined {
    let best: Source | undefined;
    let waits = false;
    for (const source of sources.values()) {
      const isWaiting = source.waiting.size > 0;
      if (!(isWaiting || source.promised > 0) || !hasLeft(source)) continue;
      waits ||= isWaiting;
      if (!best || turnOf(source) < turnOf(best)) best = source;
    }
    return waits ? best : undefined;
  }

  function hasLeft({ bucket, promised }: Source): boolean {
    return bucket.left(now()) > promised;
  }

  function wakeOne(source: Source): void {
    virtualTime = Math.max(virtualTime, source.served);
    for (const throttled of source.waiting) {
      source.waiting.delete(throttled);
      return throttled.wake();
    }
  }

  function look(): void {
    // Who was woken and took nothing until now has nothing to read.
    for (const source of sources.values()) source.promised = 0;
    promises = 0;
    while (total.left(now()) > promises) {
      const source = next();
      if (!source) {
        contended = false;
        break;
      }
      const before = charged;
      wakeOne(source);
      if (charged > before) continue;
      source.promised += PORTION;
      promises += PORTION;
    }
    if ([...sources.values()].some(({ waiting }) => waiting.size > 0)) return;
    clearInterval(timer);
    timer = undefined;
  }

  return {
    charge(name, bytes) {
      if (!isLimited()) return;
      const source = sourceOf(name);
      const kept = Math.min(bytes, source.promised);
      source.promised -= kept;
      promises -= kept;
      charged += bytes;
      total.take(bytes);
      source.bucket.take(bytes);
      // Who was idle gets nothing afterwards for that; who reads in his turn was not.
      const before = kept > 0 ? source.served : Math.max(source.served, virtualTime);
      source.served = before + (contended ? bytes : 0);
    },
    mayRead(throttled) {
      if (!isLimited()) return true;
      const source = sourceOf(throttled.source);
      if (total.left(now()) <= promises) contended = true;
      if (source.promised > 0 || (!contended && hasLeft(source))) return true;
      source.waiting.add(throttled);
      timer ??= setInterval(look, LOOK_MS);
      return false;
    },
    forget: (throttled) => void sources.get(throttled.source)?.waiting.delete(throttled),
    stop() {
      clearInterval(timer);
      sources.clear();
    },
  };
}

/** Who is behind with the least goes first. */
const turnOf = ({ served, promised }: Source): number => served + promised;
