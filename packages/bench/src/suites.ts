import { chainSuite } from './chain/suite.ts';
import { leaseSuite } from './lease/suite.ts';
import type { Suite } from './suite.ts';

/** Every suite that `pnpm bench` knows. */
export const SUITES: readonly Suite[] = [chainSuite, leaseSuite];
