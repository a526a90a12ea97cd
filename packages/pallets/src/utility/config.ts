import type { Outer } from '@hamster/frame';

/** Calls inside of calls: nothing more than the runtime itself. */
export type UtilityConfig = Pick<Outer, 'call' | 'dispatchInSteps' | 'infoOf'>;
