import { DaemonError, EXIT_USAGE, harmlessJson, printLine, type Command } from '@hamster/daemon';
import {
  buildableImages,
  buildImage,
  collectImages,
  DEFAULT_STATE_DIR,
  imageCatalogue,
  importCloudImage,
  isUpToDate,
  type ImageCatalogue,
  type ImageEntry,
} from '@hamster/machines';
import { join } from 'node:path';

/** Adds `image build|list`: what virtual machines of this host can boot. */
export function addImageCommands(program: Command, signal: AbortSignal): void {
  const image = program.command('image').description('Images for virtual machines and containers');
  image
    .command('list')
    .description('Images that are built and can be offered')
    .option('--json', 'for programs')
    .action(async ({ json }: { json?: boolean }) => {
      const entries = await catalogue().list();
      if (json === true)
        return printLine(harmlessJson(JSON.stringify(await Promise.all(entries.map(shown)))));
      if (entries.length === 0)
        printLine('No image yet. Build one with: hamster-provider image build debian-12');
      for (const entry of entries)
        printLine((await isUpToDate(entry)) ? line(entry) : `${line(entry)}  ${OUTDATED}`);
    });
  image
    .command('import')
    .description("Take a distribution's cloud image with cloud-init, checked by its published SHA-256")
    .argument('<name>', 'name to offer it by, e.g. ubuntu-24.04')
    .requiredOption('--url <url>', 'where it is')
    .requiredOption('--sha256 <hex>', 'what it must be')
    .option('--user <name>', 'account to log in with', 'renter')
    .option('--min-memory <MiB>', 'the least that a machine of it needs', '512')
    .option('--min-disk <GiB>', 'the least that a machine of it needs', '10')
    .action(async (name: string, options: ImportOptions) => {
      const { url, sha256, user, minMemory, minDisk } = options;
      const size = { minMemoryMib: wholeNumber(minMemory), minDiskGib: wholeNumber(minDisk) };
      const source = { name, url, sha256, loginUser: user, ...size };
      const entry = await importCloudImage(source, catalogue(), {
        signal,
        onProgress: (step) => printLine(`${name}: ${step}`),
      });
      printLine(`imported ${entry.name} ${entry.version}`);
    });
  image
    .command('collect')
    .description('Remove old versions of images that no machine uses')
    .action(async () => {
      const removed = await collectImages({ stateDir: DEFAULT_STATE_DIR });
      printLine(removed.length === 0 ? 'Nothing to remove.' : `removed ${removed.join(', ')}`);
    });
  image
    .command('build')
    .description("Build an image from the distribution's own packages; needs root")
    .argument('<name>', buildableImages().join(' or '))
    .action(async (name: string) => {
      const entry = await buildImage(name, catalogue(), {
        signal,
        onProgress: (step) => printLine(`${name}: ${step}`),
      });
      printLine(`built ${entry.name} ${entry.version}`);
    });
}

async function shown(entry: ImageEntry): Promise<object> {
  const { name, version, minMemoryMib, minDiskGib, loginUser } = entry;
  return { name, version, minMemoryMib, minDiskGib, loginUser, upToDate: await isUpToDate(entry) };
}

/** Machines of it lack what newer ones are told, such as their host name. */
const OUTDATED = '(built by another version of this program: build it again)';

function line({ name, version, minMemoryMib, minDiskGib, loginUser }: ImageEntry): string {
  return `${name}  ${version}  from ${minMemoryMib} MiB memory and ${minDiskGib} GiB disk  login as ${loginUser}`;
}

interface ImportOptions {
  readonly url: string;
  readonly sha256: string;
  readonly user: string;
  readonly minMemory: string;
  readonly minDisk: string;
}

function wholeNumber(text: string): number {
  const value = Number(text);
  if (Number.isSafeInteger(value) && value > 0) return value;
  throw new DaemonError('USAGE', `"${text}" is not a whole number above zero.`, { exitCode: EXIT_USAGE });
}

function catalogue(): ImageCatalogue {
  return imageCatalogue(join(DEFAULT_STATE_DIR, 'catalogue'));
}
