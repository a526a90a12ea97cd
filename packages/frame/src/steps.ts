/** Runs work that stops in between to its end, without a stop; gives its result. */
export const inOneGo = <T>(steps: Generator<void, T>): T => {
  for (;;) {
    const { done, value } = steps.next();
    if (done) return value;
  }
};
