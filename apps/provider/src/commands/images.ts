import type { Command } from '@hamster/daemon';
import {
  buildableImages,
  buildImage,
  DEFAULT_STATE_DIR,
  imageCatalogue,
  type ImageCatalogue,
} from '@hamster/machines';
import { join } from 'node:path';

/** Adds `image build|list`: what virtual machines of this host can boot. */
export function addImageCommands(program: Command, signal: AbortSignal): void {
  const image = program.command('image').description('Guest images for virtual machines');
  image
    .command('list')
    .description('Images that are built and can be offered')
    .action(async () => {
      const entries = await catalogue().list();
      if (entries.length === 0) say('No image yet. Build one with: hamster-provider image build debian-12');
      for (const { name, version, minMemoryMib, minDiskGib, loginUser } of entries) {
        say(
          `${name}  ${version}  from ${minMemoryMib} MiB memory and ${minDiskGib} GiB disk  login as ${loginUser}`,
        );
      }
    });
  image
    .command('build')
    .description("Build an image from the distribution's own packages; needs root")
    .argument('<name>', buildableImages().join(' or '))
    .action(async (name: string) => {
      const entry = await buildImage(name, catalogue(), {
        signal,
        onProgress: (step) => say(`${name}: ${step}`),
      });
      say(`built ${entry.name} ${entry.version}`);
    });
}

function catalogue(): ImageCatalogue {
  return imageCatalogue(join(DEFAULT_STATE_DIR, 'catalogue'));
}

function say(text: string): void {
  process.stdout.write(`${text}\n`);
}
