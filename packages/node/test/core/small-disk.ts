import { execFileSync } from 'node:child_process';
import { onTestFinished } from 'vitest';

/** A file system of that size; false where this process may not make one. */
export function smallDisk(folder: string, size: string): boolean {
  return mounted(folder, 'tmpfs', `size=${size}`);
}

/** A file system of that type; false where this process may not make one. */
export function mounted(folder: string, type: string, options = 'rw'): boolean {
  try {
    execFileSync('mount', ['-t', type, '-o', options, type, folder], { stdio: 'ignore' });
  } catch {
    return false;
  }
  onTestFinished(() => void execFileSync('umount', [folder]));
  return true;
}
