import type { Outer } from '@hamster/frame';

export type SudoConfig = Pick<Outer, 'call' | 'dispatchInSteps' | 'infoOf'>;
