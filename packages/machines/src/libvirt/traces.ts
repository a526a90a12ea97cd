import { readdir } from 'node:fs/promises';
import { basename, dirname } from 'node:path';
import type { Libvirt } from '@hamster/libvirt';
import type { MachineState } from '../driver.ts';
import { isMissing } from '../host/files.ts';
import { leaseOfName } from '../names.ts';
import { diskSizeGib } from './disk.ts';
import type { Place } from './locate.ts';
import { machineNames } from './names.ts';
import type { MachineNames } from './names.ts';

/** Stands in names of files for the key of a machine. */
const KEY = 'key';

/**
 * Keys of machines of which there is anything at all but a domain: a network of libvirt's, or a file. Who undefines a domain
 * by hand leaves all of that behind.
 */
export async function keysWithTraces(libvirt: Libvirt, { chain, stateDir }: Place): Promise<string[]> {
  const sample = machineNames(chain, KEY, stateDir);
  const files = [
    sample.disk,
    sample.seed,
    sample.hostKey,
    sample.consoleLog,
    sample.claimed,
    ...Object.values(sample.hostKeyFiles),
  ];
  const networks = (await libvirt.networks.list()).map(({ name }) => name);
  const names = await Promise.all(files.map((file) => namesLike(file, sample.domain)));
  const keys = [...networks, ...names.flat()].flatMap((name) => leaseOfName(chain, name) ?? []);
  return [...new Set(keys)];
}

/** Names of machines of which there is a file like this one of the machine `sample`. */
async function namesLike(file: string, sample: string): Promise<string[]> {
  const ending = basename(file).slice(sample.length);
  const found = await readdir(dirname(file)).catch((error: unknown) => {
    if (isMissing(error)) return [];
    throw error;
  });
  // "7.host-key" is a file of 7, and a host key has no ending at all.
  const whole = found
    .filter((name) => name.endsWith(ending))
    .map((name) => name.slice(0, name.length - ending.length));
  return whole.filter((name) => /^hamster-[0-9a-f]+-(warm\.[0-9a-f]{12}|[^.]+)$/.test(name));
}

/** What is told of a machine whose domain is gone, so that somebody has it destroyed. */
export async function remainsOf({ disk }: MachineNames, leaseId: string): Promise<MachineState> {
  const diskGib = (await diskSizeGib(disk)) ?? 0;
  return {
    leaseId,
    image: '',
    cpuCores: 0,
    memoryMib: 0,
    diskGib,
    running: false,
    wanted: 'stopped',
    unfinished: true,
  };
}
