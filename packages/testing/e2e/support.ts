import { expect } from 'vitest';
import type { CommandResult } from '../src/index.ts';

/** The standard output of a command that must have succeeded. */
export function outputOf({ code, stdout, stderr }: CommandResult): string {
  expect(code, `${stdout}${stderr}`).toBe(0);
  return stdout;
}

export const ALICE = '5GrwvaEF5zXb26Fz9rcQpDWS57CtERHpNehXCPcNoHGKutQY';
export const BOB = '5FHneW46xGXgs5mUiveU4sbTyGBzmstUspZC92UhjJM694ty';

/** Flags that rent the smallest machine of the process driver, without asking. */
export const smallMachine = (hours: number): string[] =>
  ['--cores 1', '--memory 256M', '--disk 1G', `--hours ${hours}`, '--image process', '--yes'].flatMap(
    (flag) => flag.split(' '),
  );
