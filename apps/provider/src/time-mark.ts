import { readJsonState, Type, writeJsonState } from '@hamster/daemon';
import type { TimeMark } from './reconciler/reconciler.ts';

const FORM = Type.Object({ chainTime: Type.Number() });
/** A mark that is a little old does no harm; a disk write at each block would. */
const WRITE_EVERY_MS = 30_000;

/** The time mark in a file. A mark in memory stands for what is not written yet. */
export function timeMarkIn(path: string, onFailure: (error: unknown) => void): TimeMark {
  let known: number | undefined;
  let written = 0;
  return {
    async read() {
      known ??= written = (await readJsonState(path, FORM))?.chainTime ?? 0;
      return known;
    },
    async write(chainTime) {
      known = chainTime;
      if (chainTime - written < WRITE_EVERY_MS) return;
      written = chainTime;
      // A disk that is full must not keep the machines that fill it: the mark is written when there is room again.
      await writeJsonState(path, { chainTime }).catch(onFailure);
    },
  };
}
