import { MachineError } from '../errors.ts';

export type ImageFile = { name: string; sha256: string };

/**
 * What the catalogue says about one version of an image. Images boot by their kernel and initrd, which the
 * hypervisor loads; `disk`, a qcow2, is what the machine's own disk starts from, else that is empty.
 */
export type ImageEntry = {
  name: string;
  /** A hash over the files. */
  version: string;
  recipe: 'kernel';
  kernel: ImageFile;
  initrd: ImageFile;
  disk?: ImageFile | undefined;
  commandLine: string;
  loginUser: string;
  minMemoryMib: number;
  minDiskGib: number;
};

const TEXT_FIELDS = ['name', 'version', 'commandLine', 'loginUser'];
const NUMBER_FIELDS = ['minMemoryMib', 'minDiskGib'];
const FILE_NAME = /^[A-Za-z0-9][A-Za-z0-9._-]*$/;
const SHA256 = /^[0-9a-f]{64}$/;

/** Throws `StateCorrupt` unless `value` has the shape of an entry and names only files of its own folder. */
export function parseEntry(value: unknown, source: string): ImageEntry {
  if (isEntry(value)) return value;
  throw new MachineError('StateCorrupt', `${source} does not describe an image; build the image again`);
}

function isEntry(value: unknown): value is ImageEntry {
  const fields = fieldsOf(value);
  return (
    fields.get('recipe') === 'kernel' &&
    TEXT_FIELDS.every((name) => typeof fields.get(name) === 'string') &&
    NUMBER_FIELDS.every((name) => Number.isSafeInteger(fields.get(name))) &&
    FILE_NAME.test(String(fields.get('version'))) &&
    isFile(fields.get('kernel')) &&
    isFile(fields.get('initrd')) &&
    (fields.get('disk') === undefined || isFile(fields.get('disk')))
  );
}

function isFile(value: unknown): value is ImageFile {
  const fields = fieldsOf(value);
  return FILE_NAME.test(String(fields.get('name'))) && SHA256.test(String(fields.get('sha256')));
}

function fieldsOf(value: unknown): Map<string, unknown> {
  return new Map(typeof value === 'object' && value !== null ? Object.entries(value) : []);
}
