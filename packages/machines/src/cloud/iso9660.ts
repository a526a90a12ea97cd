/**
 * A small ISO 9660 file system with Joliet names (ECMA-119; Joliet specification, 1995): one directory with a few small
 * files, as cloud-init's NoCloud source wants them. Plain ISO names cannot hold "user-data", so every reader that matters
 * takes those of Joliet.
 */
export type IsoFile = { name: string; content: Buffer };

const SECTOR = 2048;
/** Sectors in their order: volume descriptors, two path tables for each of the two trees, two directories, files. */
const LAYOUT = { primary: 16, joliet: 17, end: 18, pathTables: 19, directories: 23, files: 25 } as const;
const PATH_TABLE_LENGTH = 10;
const DIRECTORY_FLAG = 2;
/** UCS-2 level 3. */
const JOLIET_ESCAPE = '%/E';
const MAX_FILES = 16;
const MAX_NAME = 64;

type Placed = IsoFile & { sector: number };
type Tree = { directory: number; pathTable: number; name(file: IsoFile, index: number): Buffer };

const PLAIN: Tree = {
  directory: LAYOUT.directories,
  pathTable: LAYOUT.pathTables,
  name: (_file, index) => Buffer.from(`FILE${index}.;1`, 'latin1'),
};
const JOLIET: Tree = {
  directory: LAYOUT.directories + 1,
  pathTable: LAYOUT.pathTables + 2,
  name: ({ name }) => ucs2(name),
};

/** The whole image. Throws `RangeError` for more than 16 files, or names that are empty or longer than 64 characters. */
export function isoImage(label: string, files: readonly IsoFile[]): Buffer {
  check(files);
  let sector: number = LAYOUT.files;
  const placed = files.map((file): Placed => {
    const at = sector;
    sector += sectorsOf(file.content.length);
    return { ...file, sector: at };
  });
  const image = Buffer.alloc(sector * SECTOR);
  const put = (at: number, bytes: Buffer): void => void bytes.copy(image, at * SECTOR);
  put(LAYOUT.primary, descriptor(1, label.toUpperCase(), PLAIN, sector));
  put(LAYOUT.joliet, descriptor(2, label, JOLIET, sector));
  put(LAYOUT.end, Buffer.from('\xffCD001\x01', 'latin1'));
  for (const tree of [PLAIN, JOLIET]) {
    put(tree.pathTable, pathTable(tree, 'little'));
    put(tree.pathTable + 1, pathTable(tree, 'big'));
    put(tree.directory, directory(tree, placed));
  }
  for (const file of placed) put(file.sector, file.content);
  return image;
}

function check(files: readonly IsoFile[]): void {
  if (files.length > MAX_FILES) throw new RangeError(`${files.length} files are more than ${MAX_FILES}`);
  for (const { name } of files) {
    if (name.length === 0 || name.length > MAX_NAME)
      throw new RangeError(`file name "${name}" is empty or too long`);
  }
}

// Offsets as in ECMA-119, 8.4 and 8.5, less one. Numbers stand there twice, little-endian and big-endian.
function descriptor(type: number, label: string, tree: Tree, sectors: number): Buffer {
  const bytes = Buffer.alloc(SECTOR);
  const text = (value: string, at: number, length: number): void =>
    void (type === 2 ? padUcs2(value, length) : Buffer.from(value.padEnd(length), 'latin1')).copy(bytes, at);
  bytes.writeUInt8(type, 0);
  bytes.write('CD001', 1, 'latin1');
  bytes.writeUInt8(1, 6);
  text('', 8, 32);
  text(label, 40, 32);
  both32(bytes, sectors, 80);
  if (type === 2) bytes.write(JOLIET_ESCAPE, 88, 'latin1');
  both16(bytes, 1, 120);
  both16(bytes, 1, 124);
  both16(bytes, SECTOR, 128);
  both32(bytes, PATH_TABLE_LENGTH, 132);
  bytes.writeUInt32LE(tree.pathTable, 140);
  bytes.writeUInt32BE(tree.pathTable + 1, 148);
  record(Buffer.from([0]), { sector: tree.directory, length: SECTOR, flags: DIRECTORY_FLAG }).copy(
    bytes,
    156,
  );
  for (const [at, length] of [
    [190, 128],
    [318, 128],
    [446, 128],
    [574, 128],
    [702, 37],
    [739, 37],
    [776, 37],
  ] as const) {
    text('', at, length);
  }
  // No dates: sixteen zeros and a zone.
  for (const at of [813, 830, 847, 864]) bytes.fill('0', at, at + 16, 'latin1');
  bytes.writeUInt8(1, 881);
  return bytes;
}

/** One entry, the root, whose parent is itself. */
function pathTable({ directory: at }: Tree, order: 'little' | 'big'): Buffer {
  const bytes = Buffer.alloc(PATH_TABLE_LENGTH);
  bytes.writeUInt8(1, 0);
  if (order === 'little') {
    bytes.writeUInt32LE(at, 2);
    bytes.writeUInt16LE(1, 6);
  } else {
    bytes.writeUInt32BE(at, 2);
    bytes.writeUInt16BE(1, 6);
  }
  return bytes;
}

function directory(tree: Tree, files: readonly Placed[]): Buffer {
  const self = { sector: tree.directory, length: SECTOR, flags: DIRECTORY_FLAG };
  const named = files.map((file, index) => ({ file, name: tree.name(file, index) }));
  named.sort((a, b) => Buffer.compare(a.name, b.name));
  const records = named.map(({ file, name }) =>
    record(name, { sector: file.sector, length: file.content.length, flags: 0 }),
  );
  return Buffer.concat([record(Buffer.from([0]), self), record(Buffer.from([1]), self), ...records], SECTOR);
}

// ECMA-119, 9.1. Of even length; the date is 1970-01-01, so that the same files give the same bytes.
function record(
  name: Buffer,
  { sector, length, flags }: { sector: number; length: number; flags: number },
): Buffer {
  const size = 33 + name.length;
  const bytes = Buffer.alloc(size + (size % 2));
  bytes.writeUInt8(bytes.length, 0);
  both32(bytes, sector, 2);
  both32(bytes, length, 10);
  Buffer.from([70, 1, 1, 0, 0, 0, 0]).copy(bytes, 18);
  bytes.writeUInt8(flags, 25);
  both16(bytes, 1, 28);
  bytes.writeUInt8(name.length, 32);
  name.copy(bytes, 33);
  return bytes;
}

function both32(bytes: Buffer, value: number, at: number): void {
  bytes.writeUInt32LE(value, at);
  bytes.writeUInt32BE(value, at + 4);
}

function both16(bytes: Buffer, value: number, at: number): void {
  bytes.writeUInt16LE(value, at);
  bytes.writeUInt16BE(value, at + 2);
}

function ucs2(text: string): Buffer {
  return Buffer.from(text, 'utf16le').swap16();
}

// A field of odd length ends with one byte that belongs to no character.
function padUcs2(text: string, length: number): Buffer {
  return Buffer.concat([ucs2(text.padEnd(Math.floor(length / 2))), Buffer.alloc(length % 2)], length);
}

function sectorsOf(length: number): number {
  return Math.max(1, Math.ceil(length / SECTOR));
}
