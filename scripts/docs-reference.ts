import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { readSource } from './reference/metadata.ts';
import { apisPage, indexPage, typesPage } from './reference/other-pages.ts';
import { palletPage } from './reference/pallet-page.ts';

const FOLDER = fileURLToPath(new URL('../docs/reference/', import.meta.url));

const fileOf = (pallet: string): string =>
  `${pallet.replace(/(?<=[a-z0-9])[A-Z]/g, (letter) => `-${letter}`).toLowerCase()}.md`;

/** Every page, by its file name. */
function pages(): ReadonlyMap<string, string> {
  const source = readSource();
  return new Map([
    ['README.md', indexPage(source, fileOf)],
    ...source.pallets.map((pallet) => [fileOf(pallet.name), palletPage(source, pallet)] as const),
    ['runtime-apis.md', apisPage(source)],
    ['types.md', typesPage(source)],
  ]);
}

const present = async (): Promise<ReadonlyMap<string, string>> => {
  await mkdir(FOLDER, { recursive: true });
  const names = await readdir(FOLDER);
  return new Map(
    await Promise.all(names.map(async (name) => [name, await readFile(join(FOLDER, name), 'utf8')] as const)),
  );
};

/** Makes `docs/reference` from the metadata; with `--check` it only says whether that would change anything. */
async function main(): Promise<void> {
  const [wanted, found] = [pages(), await present()];
  const stale = [...wanted].filter(([name, text]) => found.get(name) !== text).map(([name]) => name);
  const superfluous = [...found.keys()].filter((name) => !wanted.has(name));
  if (process.argv.includes('--check')) {
    const wrong = [...stale, ...superfluous];
    if (wrong.length === 0) return;
    process.stderr.write(
      `docs/reference is older than the metadata: ${wrong.join(', ')}. Run \`pnpm docs:reference\` and commit what changes.\n`,
    );
    process.exitCode = 1;
    return;
  }
  for (const name of stale) await writeFile(join(FOLDER, name), wanted.get(name) ?? '');
  for (const name of superfluous) await rm(join(FOLDER, name));
  process.stdout.write(`docs/reference: ${wanted.size} pages, ${stale.length} of them new or changed\n`);
}

await main();
