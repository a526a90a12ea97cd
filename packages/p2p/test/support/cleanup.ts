import { afterEach } from 'vitest';

/** Ends what a test started, last first. */
export interface Cleanup {
  <T extends { stop(): unknown } | { close(): unknown }>(thing: T): T;
}

export function cleanup(): Cleanup {
  const things: ({ stop(): unknown } | { close(): unknown })[] = [];
  afterEach(async () => {
    for (const thing of things.splice(0).reverse()) await ('stop' in thing ? thing.stop() : thing.close());
  });
  return (thing) => {
    things.push(thing);
    return thing;
  };
}
