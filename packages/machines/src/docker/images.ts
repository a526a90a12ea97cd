import { createReadStream } from 'node:fs';
import type Docker from 'dockerode';
import { MachineError, textOf } from '../errors.ts';
import type { ImageCatalogue } from '../images/catalogue.ts';
import type { ContainerImage } from '../images/entry.ts';
import { ifThere, isConflict } from './engine.ts';

const REPOSITORY = 'hamster';
/** Carries the hash of the tarball that the image was made from. */
const HASH_LABEL = 'hamster.sha256';

/** The name by which Docker knows a version of an image. */
export function imageTag({ name, version, reference }: ContainerImage): string {
  return reference ?? `${REPOSITORY}/${name}:${version}`;
}

/**
 * Makes Docker have this very image. A tarball is hashed again each time and imported unless an image made from it is
 * there; a registry's image is named by its digest, which Docker checks. Throws `ImageCorrupt`.
 */
export async function ensureImage(
  api: Docker,
  catalogue: ImageCatalogue,
  image: ContainerImage,
  signal: AbortSignal,
): Promise<void> {
  const { archive } = await catalogue.verify(image, signal);
  const tag = imageTag(image);
  const held = await ifThere(api.getImage(tag).inspect());
  if (archive === undefined || image.archive === undefined) {
    if (held === undefined) await pull(api, tag, signal);
    return;
  }
  const { sha256 } = image.archive;
  if (held?.Config.Labels?.[HASH_LABEL] === sha256) return;
  const [repo, version] = tag.split(':');
  const changes = `LABEL ${HASH_LABEL}=${sha256}`;
  const stream = createReadStream(archive, { signal });
  await finished(api, await api.importImage(stream, { repo, tag: version, changes }));
}

/** Lets go of an image that no machine and no catalogue uses any more; Docker keeps what a container uses. */
export async function releaseImage(
  api: Docker,
  catalogue: ImageCatalogue,
  image: ContainerImage,
): Promise<void> {
  const current = await catalogue.list();
  if (current.some(({ name, version }) => name === image.name && version === image.version)) return;
  await ifThere(api.getImage(imageTag(image)).remove()).catch((error: unknown) => {
    if (!isConflict(error)) throw error;
  });
}

async function pull(api: Docker, reference: string, signal: AbortSignal): Promise<void> {
  const stream = await api.pull(reference, { abortSignal: signal }).catch((error: unknown) => {
    signal.throwIfAborted();
    throw corrupt(reference, error);
  });
  await finished(api, stream).catch((error: unknown) => {
    throw corrupt(reference, error);
  });
}

function corrupt(reference: string, cause: unknown): MachineError {
  const message = `Docker did not get ${reference} (${textOf(cause)}): is the registry reachable, and the digest right?`;
  return new MachineError('ImageCorrupt', message, { cause });
}

function finished(api: Docker, stream: NodeJS.ReadableStream): Promise<void> {
  return new Promise((resolve, reject) => {
    // The last of the messages tells of a failure, if there was one, while the connection ends well.
    api.modem.followProgress(stream, (error: Error | null, messages: { error?: string }[]) => {
      const said = messages?.find((message) => message.error !== undefined)?.error;
      if (error) reject(error);
      else if (said !== undefined) reject(new MachineError('ImageCorrupt', said));
      else resolve();
    });
  });
}
