import { BenchError } from '../errors.ts';
import { type Figure, figure } from '../figure.ts';
import { chargedIn } from './block-weight.ts';
import type { TaskCase } from './case.ts';
import type { Chain } from './chain.ts';
import { mean } from './quantile.ts';
import type { Stage } from './stage.ts';
import type { Place } from './stored.ts';

const WARM_UP = 4;
const ROUNDS = 24;

interface Round {
  /** Of one task, ms. */
  readonly time: number;
  /** What the block was charged for one, µs. */
  readonly charged: number;
}

/** How long a task takes at its worst: what a block that does some of them takes longer than an empty one, by their number. */
export function measureTask(stage: Stage, subject: TaskCase, quick: boolean): Figure {
  const name = subject.path ? `${subject.task} (${subject.path})` : subject.task;
  const measured = stage.on(subject, (place) => {
    for (let round = 0; !quick && round < WARM_UP; round++) oneRound(stage, subject, place);
    return Array.from({ length: quick ? 1 : ROUNDS }, () => oneRound(stage, subject, place));
  });
  stage.ensureSound(name);
  return figure({
    name,
    value: 1_000 * mean(measured.map(({ time }) => time)),
    unit: 'µs',
    baseline: Math.max(...measured.map(({ charged }) => charged)),
    goal: { of: 'ratio', is: '<=', limit: 1 },
  });
}

function oneRound(stage: Stage, subject: TaskCase, place: Place): Round {
  const { empty, states, cast } = stage;
  const count = subject.count(cast);
  const { fork, opened } = stage.open(place, subject.wait);
  const charged = chargedIn(fork.overlay).mandatory - empty.charged.mandatory;
  const took = opened + states.seal(fork) - empty.opened - empty.sealed;
  ensureDone(fork.chain, subject, count, subject.gone?.(cast) ?? []);
  return { time: took / count, charged: charged / count };
}

function ensureDone(chain: Chain, subject: TaskCase, count: number, gone: readonly Uint8Array[]): void {
  const { task, proof } = subject;
  const done = chain.events().filter(({ event }) => `${event.section}.${event.method}` === proof).length;
  const left = gone.filter((prefix) => !isGone(chain, prefix));
  const told = proof === undefined || done === count;
  if (told && left.length === 0) return;
  const message = `${task} was done ${done} of ${count} times, and ${left.length} entries stayed`;
  throw new BenchError('BENCH_WRONG_RESULT', message);
}

function isGone({ state }: Chain, prefix: Uint8Array): boolean {
  for (const _ of state.keys(prefix)) return false;
  return true;
}
