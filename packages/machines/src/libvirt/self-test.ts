import { access, constants, mkdir, statfs } from 'node:fs/promises';
import type { Libvirt } from '@hamster/libvirt';
import type { SelfTestCheck, SelfTestReport } from '../driver.ts';
import { check, report } from '../host/checks.ts';
import type { CommandRunner } from '../host/run-command.ts';
import type { ImageCatalogue } from '../images/catalogue.ts';
import { hardwareChecks } from './hardware-checks.ts';
import { forwardingCheck, isolationChecks } from './isolation.ts';
import type { KvmVerdict } from './kvm-probe.ts';
import type { Shaping } from './shaping.ts';

export type SelfTestSubject = {
  connect(): Promise<Libvirt>;
  catalogue: ImageCatalogue;
  run: CommandRunner;
  stateDir: string;
  emulator: string;
  allowUnfiltered: boolean;
  shaping: Shaping;
  kvm(): Promise<KvmVerdict>;
};

const ADVISED_FREE_BYTES = 10 * 1024 ** 3;

export async function libvirtSelfTest(subject: SelfTestSubject): Promise<SelfTestReport> {
  const { stateDir, emulator, run } = subject;
  const checks = [
    ...(await libvirtChecks(subject)),
    await check('qemu-img', async () => (await run('qemu-img', ['--version'])).split('\n')[0] ?? ''),
    await check('emulator', () => access(emulator, constants.X_OK).then(() => emulator)),
    await check('state directory', () =>
      mkdir(stateDir, { recursive: true, mode: 0o711 }).then(() => stateDir),
    ),
    await diskSpace(stateDir),
    await images(subject.catalogue),
    ...(await hardwareChecks(stateDir, await subject.kvm())),
    await forwardingCheck(),
    await shapingCheck(subject),
  ];
  return report(checks);
}

async function libvirtChecks({ connect, allowUnfiltered }: SelfTestSubject): Promise<SelfTestCheck[]> {
  let libvirt: Libvirt | undefined;
  const reached = await check('libvirt', async () => {
    libvirt = await connect();
    return `version ${await libvirt.host.libvirtVersion()}`;
  });
  const isolation = libvirt ? await isolationChecks(libvirt) : [];
  return [
    reached,
    ...isolation.map((each): SelfTestCheck => (allowUnfiltered ? { ...each, level: 'advice' } : each)),
  ];
}

async function diskSpace(directory: string): Promise<SelfTestCheck> {
  const space = await statfs(directory).catch(() => undefined);
  const free = space ? space.bavail * space.bsize : 0;
  const detail = `${Math.floor(free / 1024 ** 3)} GiB are free in ${directory}`;
  return { name: 'disk space', passed: free >= ADVISED_FREE_BYTES, level: 'advice', detail };
}

async function images(catalogue: ImageCatalogue): Promise<SelfTestCheck> {
  const names = (await catalogue.list()).map(({ name }) => name);
  const detail = names.length > 0 ? names.join(', ') : 'none is built yet';
  return { name: 'images', passed: names.length > 0, level: 'required', detail };
}

async function shapingCheck({ shaping }: SelfTestSubject): Promise<SelfTestCheck> {
  const works = await shaping.works();
  const detail = works ? 'nothing speaks against it' : 'this kernel cannot: machines run without it';
  return { name: 'bandwidth limit', passed: works, level: 'advice', detail };
}
