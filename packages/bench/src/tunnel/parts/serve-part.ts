/** A part of the measurement in a process of its own: told what to do by its parent, gone when that is gone. */
export interface ServedPart {
  /** What the parent is told when the part is ready. */
  readonly ready: unknown;
  /** The answer to a question of the parent. */
  answer?(): unknown;
}

export function servePart<I>(start: (init: I) => Promise<ServedPart>): void {
  process.once('disconnect', () => process.exit());
  process.once('message', (init) => {
    void start(init as I).then(({ ready, answer }) => {
      if (answer) process.on('message', () => process.send?.(answer()));
      process.send?.(ready);
    });
  });
}
