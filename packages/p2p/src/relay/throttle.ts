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
}

type Rates = Pick<RelayLimits, 'bytesPerSecond' | 'sourceBytesPerSecond'>;

/** How often those who wait are looked at, in ms. */
const LOOK_MS = 20;
/** What a socket reads at once, in bytes. */
const PORTION = 64 * 1024;
/** With more sources than that, the idle ones are forgotten. */
const MANY_SOURCES = 1000;

/**
 * Bytes are charged when they have come, so a bucket may go into debt; who reads from it then waits until that is
 * paid. Of those who wait for the total the source goes first that has had the least (start-time fair queueing), so
 * that a hundred connections of one source get no more than the one of another.
 */
export function throttle(rates: Rates, now: () => number = () => performance.now()): Throttle {
  const total = bucketOf(() => rates.bytesPerSecond, now());
  const sources = new Map<string, Source>();
  /** Somebody waits for the total: nobody may pass him. */
  let contended = false;
  let virtualTime = 0;
  let charged = 0;
  let timer: NodeJS.Timeout | undefined;

  function isLimited(): boolean {
    return rates.bytesPerSecond < Infinity || rates.sourceBytesPerSecond < Infinity;
  }

  function sourceOf(name: string): Source {
    const known = sources.get(name);
    if (known) return known;
    if (sources.size >= MANY_SOURCES) forgetIdle();
    const bucket = bucketOf(() => rates.sourceBytesPerSecond, now());
    const fresh: Source = { bucket, waiting: new Set(), served: virtualTime };
    sources.set(name, fresh);
    return fresh;
  }

  /** Who owes nothing and waits for nothing is as good as unknown. */
  function forgetIdle(): void {
    for (const [name, { bucket, waiting, served }] of sources) {
      if (waiting.size === 0 && served <= virtualTime && bucket.isFull(now())) sources.delete(name);
    }
  }

  function next(promised: ReadonlyMap<Source, number>): Source | undefined {
    let best: { readonly source: Source; readonly served: number } | undefined;
    for (const source of sources.values()) {
      const promise = promised.get(source) ?? 0;
      const served = source.served + promise;
      if (source.waiting.size === 0 || (best && best.served <= served)) continue;
      if (source.bucket.left(now()) > promise) best = { source, served };
    }
    return best?.source;
  }

  function wakeOne(source: Source): void {
    virtualTime = Math.max(virtualTime, source.served);
    for (const throttled of source.waiting) {
      source.waiting.delete(throttled);
      return throttled.wake();
    }
  }

  function look(): void {
    // A stream reads at once when it is woken, a socket a moment later: what that will take counts already.
    const promised = new Map<Source, number>();
    let promises = 0;
    while (total.left(now()) > promises) {
      const source = next(promised);
      if (!source) {
        contended = promises > 0;
        break;
      }
      const before = charged;
      wakeOne(source);
      if (charged > before) continue;
      promised.set(source, (promised.get(source) ?? 0) + PORTION);
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
      charged += bytes;
      total.take(bytes);
      source.bucket.take(bytes);
      source.served = Math.max(source.served, virtualTime) + (contended ? bytes : 0);
    },
    mayRead(throttled) {
      if (!isLimited()) return true;
      const source = sourceOf(throttled.source);
      if (total.left(now()) <= 0) contended = true;
      if (!contended && source.bucket.left(now()) > 0) return true;
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
