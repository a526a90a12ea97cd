/**
 * Has many who ask at once share what is read: never two reads at a time, and each who asks gets one that began afterwards. So
 * strangers cannot make one read of the chain out of each of their requests, and nobody is told what held before he asked.
 */
export function sharedReads<T>(read: () => Promise<T>): () => Promise<T> {
  let running: Promise<unknown> = Promise.resolve();
  let next: Promise<T> | undefined;

  function begin(): Promise<T> {
    next = undefined;
    const reading = read();
    running = reading.catch(() => undefined);
    return reading;
  }

  return () => (next ??= running.then(begin));
}
