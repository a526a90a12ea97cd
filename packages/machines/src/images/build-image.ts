import { MachineError, textOf } from '../errors.ts';
import type { BuildContext, BuildOptions } from './build-context.ts';
import { withBuildContext } from './build-context.ts';
import { buildContainer, CONTAINER_TINY } from './build-container.ts';
import { buildDebian, DEBIAN_12 } from './build-debian.ts';
import { buildTiny, TINY } from './build-tiny.ts';
import type { ImageCatalogue } from './catalogue.ts';
import type { ImageEntry } from './entry.ts';
import { publishContainer, publishImage } from './publish.ts';
import type { ImageDescription } from './publish.ts';

type Recipe = {
  name: string;
  build(context: BuildContext): Promise<string>;
  publish(catalogue: ImageCatalogue, output: string): Promise<ImageEntry>;
};

const RECIPES: readonly Recipe[] = [
  machineRecipe(TINY, buildTiny),
  machineRecipe(DEBIAN_12, buildDebian),
  {
    name: CONTAINER_TINY.name,
    build: buildContainer,
    publish: (catalogue, output) => publishContainer(catalogue, CONTAINER_TINY, output),
  },
];

/** Names that `buildImage` takes. */
export function buildableImages(): string[] {
  return RECIPES.map(({ name }) => name);
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
  const recipe = RECIPES.find((each) => each.name === name);
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
    return recipe.publish(catalogue, output);
  });
}

function machineRecipe(description: ImageDescription, build: Recipe['build']): Recipe {
  return {
    name: description.name,
    build,
    publish: (catalogue, output) => publishImage(catalogue, description, output),
  };
}
