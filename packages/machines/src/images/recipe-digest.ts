import { createHash } from 'node:crypto';
import { readdir } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { hashFile } from '../host/hash-file.ts';
import { asset } from './assets.ts';
import type { ImageEntry } from './entry.ts';

const FOLDERS = [asset(''), fileURLToPath(new URL('.', import.meta.url))];

/** In hex, and another whenever images of ours would be made in another way: a hash over what goes into them and over the recipes. */
export async function recipeDigest(): Promise<string> {
  const hash = createHash('sha256');
  for (const folder of FOLDERS) {
    const entries = await readdir(folder, { recursive: true, withFileTypes: true });
    const paths = entries
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name));
    for (const path of paths.sort()) hash.update(`${relative(folder, path)} ${await hashFile(path)}\n`);
  }
  return hash.digest('hex');
}

/** False for an image that another version of this package built: it may lack what machines are told since. */
export async function isUpToDate(entry: ImageEntry): Promise<boolean> {
  return !('recipeDigest' in entry) ? isForeign(entry) : entry.recipeDigest === (await recipeDigest());
}

/** Made by others, and so never out of date by us. */
function isForeign(entry: ImageEntry): boolean {
  return entry.recipe === 'cloud' || (entry.recipe === 'container' && entry.reference !== undefined);
}
