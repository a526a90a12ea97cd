import { Slices } from '../slices.ts';
import type { Steps } from './protocol/steps.ts';

/** All texts of several sorted lists, each once and in order; found with stops, as no sort of all of them could be. */
export function* union(lists: readonly (readonly string[])[]): Steps<readonly string[]> {
  const waiting = [...lists];
  for (let at = 0; at + 1 < waiting.length; at += 2) {
    waiting.push(yield* merged(waiting[at] ?? [], waiting[at + 1] ?? []));
  }
  return waiting.at(-1) ?? [];
}

function* merged(one: readonly string[], other: readonly string[]): Steps<string[]> {
  const all: string[] = [];
  let slices = new Slices();
  let [left, right] = [0, 0];
  for (;;) {
    const [first, second] = [one[left], other[right]];
    const next = second === undefined || (first !== undefined && first <= second) ? first : second;
    if (next === undefined) return all;
    if (first === next) left += 1;
    if (second === next) right += 1;
    all.push(next);
    if (!slices.isOver) continue;
    yield 0;
    slices = new Slices();
  }
}
