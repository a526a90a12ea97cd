import { mkdir, mkdtemp, readdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { DEFAULT_STATE_DIR } from '../../src/index.ts';
import { exists } from '../../src/host/files.ts';
import { hashFile } from '../../src/host/hash-file.ts';
import { runCommand } from '../../src/host/run-command.ts';

const RECIPE = fileURLToPath(new URL('build-cloud-image.sh', import.meta.url));
/** Beside the drivers' own folders, since it takes as much room as a disk. */
const PLACE = join(DEFAULT_STATE_DIR, 'test-disks');
const BUILD_LIMIT_MS = 900_000;

/**
 * Path of a disk with cloud-init, as distributions publish them, built of Debian's packages: minutes for the first time, and
 * again whenever the recipe changes. Needs root.
 */
export async function cloudDisk(): Promise<string> {
  const name = `cloud-${(await hashFile(RECIPE)).slice(0, 16)}.qcow2`;
  const disk = join(PLACE, name);
  if (await exists(disk)) return disk;
  await mkdir(PLACE, { recursive: true, mode: 0o711 });
  const work = await mkdtemp(join(PLACE, '.build-'));
  try {
    await runCommand('sh', [RECIPE, work], { timeoutMs: BUILD_LIMIT_MS });
    await rename(join(work, 'cloud.qcow2'), disk);
  } finally {
    await rm(work, { recursive: true, force: true });
  }
  const older = (await readdir(PLACE)).filter((each) => /^cloud-.*\.qcow2$/.test(each) && each !== name);
  for (const each of older) await rm(join(PLACE, each), { force: true });
  return disk;
}
