import { chainSuite } from './chain/suite.ts';
import { leaseSuite } from './lease/suite.ts';
import type { Suite } from './suite.ts';
import { tunnelSuite } from './tunnel/suite.ts';
import { weightsSuite } from './weights/suite.ts';

/** Every suite that `pnpm bench` knows. */
export const SUITES: readonly Suite[] = [chainSuite, leaseSuite, tunnelSuite, weightsSuite];
