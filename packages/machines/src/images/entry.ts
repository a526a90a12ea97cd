import { MachineError } from '../errors.ts';

export type ImageFile = { name: string; sha256: string };

type Description = {
  name: string;
  /** A hash over all that makes the image. */
  version: string;
  loginUser: string;
  minMemoryMib: number;
  minDiskGib: number;
  /** By which recipes it was built, where it was built here. */
  recipeDigest?: string;
};

/**
 * Boots by a kernel and an initrd, which the hypervisor loads; `disk`, a qcow2, is what the machine's own disk starts
 * from, else that is empty.
 */
export type KernelImage = Description & {
  recipe: 'kernel';
  kernel: ImageFile;
  initrd: ImageFile;
  disk?: ImageFile | undefined;
  commandLine: string;
  /** By which revision of the programs in it a machine that was booted ahead gets its tenant; without one none can. */
  claimRevision?: number;
};

/** The one that this package speaks. */
export const CLAIM_REVISION = 2;

/** Whether a machine of it can be booted ahead and be given its tenant's identity later, by its guest agent. */
export function isClaimable(image: MachineImage): boolean {
  return image.recipe === 'kernel' && image.claimRevision === CLAIM_REVISION;
}

/** A disk with a boot loader and cloud-init on it, as distributions publish them; `source` is where it came from. */
export type CloudImage = Description & { recipe: 'cloud'; disk: ImageFile; source: string };

/** The root file system of containers: a tarball, or a registry's image by digest ("name@sha256:…"). */
export type ContainerImage = Description & {
  recipe: 'container';
  /** What runs in it: an SSH server, and whatever the image brings besides. */
  command: readonly string[];
  /** Whether all that is written goes to /data, so that the rest can be closed. */
  readOnlyRoot: boolean;
} & ({ archive: ImageFile; reference?: undefined } | { reference: string; archive?: undefined });

/** What the catalogue says about one version of an image. */
export type MachineImage = KernelImage | CloudImage;
export type ImageEntry = MachineImage | ContainerImage;

const TEXT_FIELDS = ['name', 'version', 'loginUser'];
const NUMBER_FIELDS = ['minMemoryMib', 'minDiskGib'];
const FILE_NAME = /^[A-Za-z0-9][A-Za-z0-9._-]*$/;
const SHA256 = /^[0-9a-f]{64}$/;
const REFERENCE = /^[a-z0-9][a-z0-9.:/_-]{0,200}@sha256:[0-9a-f]{64}$/;

/** Throws `StateCorrupt` unless `value` has the shape of an entry and names only files of its own folder. */
export function parseEntry(value: unknown, source: string): ImageEntry {
  if (isEntry(value)) return value;
  throw new MachineError('StateCorrupt', `${source} does not describe an image; build the image again`);
}

/** True for a registry's image named by digest, which nobody can change behind it. */
export function isDigestReference(text: string): boolean {
  return REFERENCE.test(text);
}

function isEntry(value: unknown): value is ImageEntry {
  const fields = fieldsOf(value);
  return (
    TEXT_FIELDS.every((name) => typeof fields.get(name) === 'string') &&
    NUMBER_FIELDS.every((name) => Number.isSafeInteger(fields.get(name))) &&
    FILE_NAME.test(String(fields.get('version'))) &&
    hasRecipe(fields)
  );
}

function hasRecipe(fields: Map<string, unknown>): boolean {
  const optionalFile = (name: string): boolean => fields.get(name) === undefined || isFile(fields.get(name));
  switch (fields.get('recipe')) {
    case 'kernel':
      return (
        isFile(fields.get('kernel')) &&
        isFile(fields.get('initrd')) &&
        optionalFile('disk') &&
        typeof fields.get('commandLine') === 'string'
      );
    case 'cloud':
      return isFile(fields.get('disk')) && typeof fields.get('source') === 'string';
    case 'container':
      return (
        isTexts(fields.get('command')) &&
        typeof fields.get('readOnlyRoot') === 'boolean' &&
        (fields.get('archive') === undefined
          ? isDigestReference(String(fields.get('reference')))
          : isFile(fields.get('archive')) && fields.get('reference') === undefined)
      );
    default:
      return false;
  }
}

function isFile(value: unknown): value is ImageFile {
  const fields = fieldsOf(value);
  return FILE_NAME.test(String(fields.get('name'))) && SHA256.test(String(fields.get('sha256')));
}

function isTexts(value: unknown): value is string[] {
  return Array.isArray(value) && value.every((item) => typeof item === 'string');
}

function fieldsOf(value: unknown): Map<string, unknown> {
  return new Map(typeof value === 'object' && value !== null ? Object.entries(value) : []);
}
