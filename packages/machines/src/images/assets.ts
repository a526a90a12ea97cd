import { fileURLToPath } from 'node:url';

/** Path of a file that goes into guests. */
export function asset(name: string): string {
  return fileURLToPath(new URL(`../../assets/${name}`, import.meta.url));
}
