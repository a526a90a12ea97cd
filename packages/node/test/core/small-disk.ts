import { execFileSync } from 'node:child_process';
import { onTestFinished } from 'vitest';

/** A file system of that size; undefined where this process may not make one. */
export function smallDisk(folder: string, size: string): boolean {
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${size}`, 'tmpfs', folder], { stdio: 'ignore' });
  } catch {
    return false;
  }
  onTestFinished(() => void execFileSync('umount', [folder]));
  return true;
}
