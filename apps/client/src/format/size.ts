const MIB_PER_GIB = 1024;

/** `2 GiB`, `1.5 GiB`, `512 MiB`. */
export function memory(mib: number): string {
  return mib >= MIB_PER_GIB ? `${Number((mib / MIB_PER_GIB).toFixed(2))} GiB` : `${mib} MiB`;
}

const STEP = 1024;
const BYTE_UNITS = ['B', 'KiB', 'MiB', 'GiB', 'TiB'];

/** `512 B`, `1.5 GiB`: three digits or so. */
export function bytes(count: number): string {
  const power = count < 1 ? 0 : Math.min(BYTE_UNITS.length - 1, Math.floor(Math.log2(count) / 10));
  const value = count / STEP ** power;
  return `${Number(value.toFixed(value < 10 && power > 0 ? 1 : 0))} ${BYTE_UNITS[power]}`;
}

export function slice(spec: { cpuCores: number; memoryMib: number; diskGib: number }): string {
  const cores = spec.cpuCores === 1 ? '1 core' : `${spec.cpuCores} cores`;
  return `${cores}, ${memory(spec.memoryMib)} memory, ${spec.diskGib} GiB disk`;
}

const SIZE = /^(\d+(?:\.\d+)?)\s*(?:(M|G|T)(?:i?B)?)?$/i;
const MIB = { M: 1, G: MIB_PER_GIB, T: MIB_PER_GIB * MIB_PER_GIB } as const;

/** MiB of `2G`, `512M`, `1.5GiB`; a plain number is GiB. Undefined for anything else, or for parts of a MiB. */
export function parseMib(text: string): number | undefined {
  const match = SIZE.exec(text.trim());
  if (!match) return undefined;
  const unit = (match[2]?.toUpperCase() ?? 'G') as keyof typeof MIB;
  const mib = Number(match[1]) * MIB[unit];
  return Number.isSafeInteger(mib) && mib > 0 ? mib : undefined;
}

/** GiB of `20`, `20G`, `1T`; undefined for anything else, or for parts of a GiB. */
export function parseGib(text: string): number | undefined {
  const gib = (parseMib(text) ?? 0) / MIB_PER_GIB;
  return Number.isSafeInteger(gib) && gib > 0 ? gib : undefined;
}
