import { InvalidTransaction, type DecodedExtrinsic } from '@hamster/frame';
import { BenchError } from '../errors.ts';
import { type Figure, figure } from '../figure.ts';
import { median } from '../median.ts';
import { chargedIn } from './block-weight.ts';
import type { CallCase, Proof } from './case.ts';
import type { Chain } from './chain.ts';
import { cpuTime } from './cpu-time.ts';
import { mean, quantile } from './quantile.ts';
import type { Stage } from './stage.ts';
import type { Place } from './stored.ts';

/** Until the code is compiled and the database's pages are at hand: a node that runs has both. */
const WARM_UP = 2;
const SAMPLES = 64;
/** Of processor time, ms: an error of one of them is small then. */
const MANY_TICKS = 80;

interface Round {
  /** Of each extrinsic, ms: decoded and executed. */
  readonly times: readonly number[];
  /** Of all of them, ms of the processor. */
  readonly cpu: number;
  /** Each one's part of what comes behind, ms of the processor: the events, the trie, what is to be stored. */
  readonly share: number;
  /** What the block was charged for one, µs. */
  readonly charged: number;
}

/** How long a call takes at its worst, against what blocks are charged for it, with what every extrinsic costs in both. */
export function measureCall(stage: Stage, subject: CallCase, quick: boolean): Figure {
  const count = subject.count?.(stage.cast) ?? stage.cast.size;
  const rounds = quick ? 1 : Math.max(WARM_UP, Math.ceil(SAMPLES / count));
  const measured = stage.on(subject, (place) => {
    for (let round = 0; !quick && round < WARM_UP; round++) oneRound(stage, subject, place, count);
    return Array.from({ length: rounds }, () => oneRound(stage, subject, place, count));
  });
  stage.ensureSound(subject.call);
  const time = timeOfOne(measured, count);
  return figure({
    name: subject.call,
    value: 1_000 * (time + Math.max(0, mean(measured.map(({ share }) => share)))),
    unit: 'µs',
    baseline: median(measured.map(({ charged }) => charged)),
    goal: { of: 'ratio', is: '<=', limit: 1 },
  });
}

/** What three of four took no longer than; where ticks are fine enough for the sum, the processor time of each instead. */
function timeOfOne(rounds: readonly Round[], count: number): number {
  const spent = rounds.map(({ cpu }) => cpu);
  if (mean(spent) * rounds.length >= MANY_TICKS) return mean(spent) / count;
  return quantile(
    rounds.flatMap(({ times }) => times),
    0.75,
  );
}

function oneRound(stage: Stage, subject: CallCase, place: Place, count: number): Round {
  const { fork } = stage.open(place, subject.wait);
  const { chain } = fork;
  const extrinsics = Array.from({ length: count }, (_, index) => {
    const { by, call } = subject.make(chain, stage.cast, index);
    return chain.extrinsic(by, call);
  });
  const before = chargedIn(chain.state).all;
  const since = cpuTime();
  const times = extrinsics.map((extrinsic) => timed(chain, subject.call, extrinsic));
  const cpu = cpuTime() - since;
  const charged = (chargedIn(chain.state).all - before) / count;
  const sealed = stage.states.seal(fork);
  ensureDone(chain, subject, count);
  return { times, cpu, charged, share: (sealed - stage.empty.sealed) / count };
}

function timed({ rules: { runtime }, state }: Chain, name: string, { bytes }: DecodedExtrinsic): number {
  const since = performance.now();
  const result = applied(name, () => runtime.applyExtrinsic(state, runtime.decodeExtrinsic(bytes)));
  const took = performance.now() - since;
  if (result.ok) return took;
  throw new BenchError('BENCH_WRONG_RESULT', `${name} failed: ${JSON.stringify(result.error)}`);
}

function applied<T>(name: string, apply: () => T): T {
  try {
    return apply();
  } catch (error) {
    if (!(error instanceof InvalidTransaction)) throw error;
    throw new BenchError('BENCH_WRONG_RESULT', `${name} was refused: ${error.message}`);
  }
}

/** Every extrinsic of the block did what it was made for, and none of root's calls failed inside. */
function ensureDone(chain: Chain, { call, proof }: CallCase, count: number): void {
  const { event, times }: Proof = typeof proof === 'string' ? { event: proof, times: 1 } : proof;
  const done = new Map<number, number>();
  for (const { phase, event: each } of chain.events()) {
    if (!phase.isApplyExtrinsic || `${each.section}.${each.method}` !== event) continue;
    if (event.startsWith('sudo.Sud') && JSON.stringify(each.data).includes('err')) continue;
    const index = phase.asApplyExtrinsic.toNumber();
    done.set(index, (done.get(index) ?? 0) + 1);
  }
  const complete = [...done].filter(([index, found]) => index > 0 && found >= times).length;
  if (complete === count) return;
  const message = `${complete} of ${count} times ${call} left ${times} of ${event}`;
  throw new BenchError('BENCH_WRONG_RESULT', message);
}
