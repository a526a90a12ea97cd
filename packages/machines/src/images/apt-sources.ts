import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { MachineError } from '../errors.ts';

const APT = '/etc/apt';

/** The files of the host's own APT configuration that offer `suite`. Throws `ImageBuildFailed` when none does. */
export async function findAptSources(suite: string, apt = APT): Promise<string[]> {
  const parts = await readdir(join(apt, 'sources.list.d')).catch(() => []);
  const files = ['sources.list', ...parts.sort().map((name) => join('sources.list.d', name))];
  const found: string[] = [];
  for (const file of files.filter((name) => /\.(list|sources)$/.test(name))) {
    const text = await readFile(join(apt, file), 'utf8').catch(() => '');
    if (offers(text, suite)) found.push(join(apt, file));
  }
  if (found.length > 0) return found;
  throw new MachineError(
    'ImageBuildFailed',
    `no APT source in ${apt} offers "${suite}"; add one and try again`,
  );
}

/** Both formats: "deb [options] URI suite components…" and "Suites: a b". */
function offers(text: string, suite: string): boolean {
  return text.split('\n').some((line) => {
    const suites = /^Suites:(.*)$/.exec(line)?.[1] ?? /^deb\s+(?:\[[^\]]*\]\s+)?\S+\s+(\S+)/.exec(line)?.[1];
    return suites?.trim().split(/\s+/).includes(suite) === true;
  });
}
