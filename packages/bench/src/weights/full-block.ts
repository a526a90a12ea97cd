import { type DecodedExtrinsic, InvalidTransaction } from '@hamster/frame';
import { type Figure, figure } from '../figure.ts';
import { median } from '../median.ts';
import { chargedIn } from './block-weight.ts';
import type { CallCase } from './case.ts';
import type { Chain } from './chain.ts';
import { cpuTime } from './cpu-time.ts';
import { mean } from './quantile.ts';
import type { Stage } from './stage.ts';
import type { Place } from './stored.ts';

const ROUNDS = 3;
/** Of blocks so small that only many of them can be timed. */
const LONE_ROUNDS = 60;
/** For extrinsics that are made one at a time, before any of them is timed. */
const QUICK_COUNT = 20;

export interface FullBlock {
  readonly call: string;
  /** To execute and hash it, ms of the processor. */
  readonly took: number;
  /** What it was charged with, ms. */
  readonly charged: number;
}

/** A block that has no room for another extrinsic of this kind. */
export function fillBlock(stage: Stage, subject: CallCase, quick: boolean): FullBlock {
  const blocks = stage.on(subject, (place) => {
    const most = extrinsicsFor(stage, subject, place, quick);
    return Array.from({ length: quick ? 1 : ROUNDS }, () => oneBlock(stage, subject, place, most));
  });
  stage.ensureSound(subject.call);
  const took = median(blocks.map((block) => block.took));
  return { call: subject.call, took, charged: blocks[0]?.charged ?? 0 };
}

/** Of all kinds of blocks the one that takes most time for what it was charged with. */
export function fullestBlock(blocks: readonly FullBlock[]): Figure[] {
  const slowest = blocks.toSorted((a, b) => b.took / b.charged - a.took / a.charged)[0];
  if (!slowest) return [];
  return [
    figure({
      name: 'fullest-block',
      value: slowest.took,
      unit: 'ms',
      baseline: slowest.charged,
      goal: { of: 'ratio', is: '<=', limit: 1 },
    }),
  ];
}

/** A block with one such call and nothing else: nothing that it needs is at hand, and what that costs is in the base of the block. */
export function loneCall(stage: Stage, subject: CallCase): Figure {
  const blocks = stage.on(subject, (place) => {
    const { chain } = stage.open(place, subject.wait).fork;
    const { by, call } = subject.make(chain, stage.cast, 0);
    const extrinsics = [chain.extrinsic(by, call)];
    return Array.from({ length: LONE_ROUNDS }, () => oneBlock(stage, subject, place, extrinsics));
  });
  stage.ensureSound(subject.call);
  return figure({
    name: `block-of-one (${subject.call})`,
    value: 1_000 * mean(blocks.map(({ took }) => took)),
    unit: 'µs',
    baseline: 1_000 * (blocks[0]?.charged ?? 0),
    goal: { of: 'ratio', is: '<=', limit: 1 },
  });
}

/** So many that they do not all fit; made on a fork of their own, where they are applied to find that out. */
function extrinsicsFor(stage: Stage, subject: CallCase, place: Place, quick: boolean): DecodedExtrinsic[] {
  const { chain } = stage.open(place, subject.wait).fork;
  const made: DecodedExtrinsic[] = [];
  for (let index = 0; !quick || index < QUICK_COUNT; index++) {
    const { by, call } = subject.make(chain, stage.cast, index);
    const extrinsic = chain.extrinsic(by, call);
    made.push(extrinsic);
    if (!fits(chain, extrinsic)) break;
  }
  return made;
}

function oneBlock(
  stage: Stage,
  subject: CallCase,
  place: Place,
  extrinsics: readonly DecodedExtrinsic[],
): FullBlock {
  const { fork, opened } = stage.open(place, subject.wait);
  const { runtime } = stage.rules;
  const since = cpuTime();
  for (const { bytes } of extrinsics) if (!fits(fork.chain, runtime.decodeExtrinsic(bytes))) break;
  const applied = cpuTime() - since;
  const charged = chargedIn(fork.overlay).all / 1_000;
  return { call: subject.call, took: opened + applied + stage.states.seal(fork), charged };
}

function fits({ rules: { runtime }, state }: Chain, extrinsic: DecodedExtrinsic): boolean {
  try {
    runtime.applyExtrinsic(state, extrinsic);
    return true;
  } catch (error) {
    if (error instanceof InvalidTransaction) return false;
    throw error;
  }
}
