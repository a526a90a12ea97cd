import { isMoment } from '../primitives/arithmetic.ts';
import type { Parameters } from './types.ts';

const MINUTE = 60_000n;

/** For a network of strangers. */
export const PUBLIC_PARAMETERS: Parameters = { era: 360n * MINUTE };

/** Short enough for a person to watch. */
export const DEV_PARAMETERS: Parameters = { era: 2n * MINUTE };

/** Whether the rules can work with these numbers: moments are sums of them and of today. */
export const areParametersSound = ({ era }: Parameters): boolean => era > 0n && isMoment(era * 4n);
