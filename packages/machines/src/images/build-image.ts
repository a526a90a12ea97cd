import { MachineError, textOf } from '../errors.ts';
import type { BuildContext, BuildOptions } from './build-context.ts';
import { withBuildContext } from './build-context.ts';
import { buildDebian, DEBIAN_12 } from './build-debian.ts';
import { buildTiny, TINY } from './build-tiny.ts';
import type { ImageCatalogue } from './catalogue.ts';
import type { ImageEntry } from './entry.ts';
import { publishImage } from './publish.ts';
import type { ImageDescription } from './publish.ts';

type Recipe = { description: ImageDescription; build(context: BuildContext): Promise<string> };

const RECIPES: readonly Recipe[] = [
  { description: TINY, build: buildTiny },
  { description: DEBIAN_12, build: buildDebian },
];

/** Names that `buildImage` takes. */
export function buildableImages(): string[] {
  return RECIPES.map(({ description }) => description.name);
}

/**
 * Builds an image out of the host's own packages and puts it into the catalogue. Needs root, APT and the tools that
 * scripts/setup-host.sh installs. Throws `ImageUnknown` or `ImageBuildFailed`.
 */
export async function buildImage(
  name: string,
  catalogue: ImageCatalogue,
  options: BuildOptions = {},
): Promise<ImageEntry> {
  const recipe = RECIPES.find(({ description }) => description.name === name);
  if (recipe === undefined) {
    throw new MachineError(
      'ImageUnknown',
      `no recipe for "${name}"; there are: ${buildableImages().join(', ')}`,
    );
  }
  return withBuildContext(catalogue.directory, options, async (context) => {
    const output = await recipe.build(context).catch((error: unknown) => {
      options.signal?.throwIfAborted();
      if (error instanceof MachineError && error.code === 'ImageBuildFailed') throw error;
      throw new MachineError('ImageBuildFailed', `image ${name}: ${textOf(error)}`, { cause: error });
    });
    context.progress('hashing');
    return publishImage(catalogue, recipe.description, output);
  });
}
