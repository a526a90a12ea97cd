import { spawn } from 'node:child_process';
import { access, constants, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import { join } from 'node:path';
import { deadlineSignal } from '../host/poll.ts';

/** Not `final` is what a later look may find otherwise, with nothing changed on the host but our own files. */
export type KvmVerdict = { works: boolean; detail: string; final: boolean };

export type BootFiles = { kernel: string; initrd: string };

export type KvmProbe = {
  emulator: string;
  /** The tiny image; without it only the first level can be run, which is not enough. */
  kernel: BootFiles | undefined;
  /** "tcg" shows that the probe itself works, on hosts without KVM. */
  accelerator?: 'kvm' | 'tcg';
  limits?: { sectorMs: number; kernelMs: number };
  signal?: AbortSignal | undefined;
};

/** KVM that works takes 40 ms and a second. */
const LIMITS = { sectorMs: 3_000, kernelMs: 8_000 };
/**
 * mov dx,0x3f8; mov al,'K'; out dx,al; mov dx,0xf4; mov al,0x2a; out dx,al; hlt; jmp $-1
 * It says K on the serial port and leaves through QEMU's debug exit.
 */
const SECTOR_CODE = Buffer.from('baf803b04beebaf400b02aeef4ebfd', 'hex');
const DEBUG_EXIT_STATUS = (0x2a << 1) | 1;
/** What the tiny image's init says when it is asked with "hamster.probe". */
const KERNEL_MARK = 'HAMSTER PROBE UP';

/**
 * Whether KVM really runs guests here. /dev/kvm and libvirt's capabilities say yes on hosts where every guest then
 * hangs or aborts, so two guests are run: a boot sector through the BIOS, then a kernel up to user space.
 */
export async function probeKvm(probe: KvmProbe): Promise<KvmVerdict> {
  if (probe.accelerator !== 'tcg' && !(await accessible('/dev/kvm'))) return no('/dev/kvm cannot be opened');
  const directory = await mkdtemp(join(os.tmpdir(), 'hamster-kvm-'));
  try {
    if (!(await bootSector(probe, directory))) return no('a boot sector does not run under KVM');
    if (probe.kernel === undefined)
      return { ...no('the tiny image, which the probe boots, is not built'), final: false };
    if (!(await bootKernel(probe, probe.kernel, directory)))
      return no('a kernel does not reach user space under KVM');
    return { works: true, detail: 'a boot sector and a kernel ran under KVM', final: true };
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
}

async function bootSector(probe: KvmProbe, directory: string): Promise<boolean> {
  const image = join(directory, 'sector.img');
  const serial = join(directory, 'sector.txt');
  const sector = Buffer.alloc(512);
  SECTOR_CODE.copy(sector);
  sector.writeUInt16LE(0xaa55, 510);
  await writeFile(image, sector);
  const drive = ['-drive', `file=${image},format=raw,if=ide`, '-m', '16'];
  const exit = ['-device', 'isa-debug-exit,iobase=0xf4,iosize=0x01'];
  const status = await runGuest(
    probe,
    [...drive, ...exit, '-serial', `file:${serial}`],
    (probe.limits ?? LIMITS).sectorMs,
  );
  return status === DEBUG_EXIT_STATUS && (await said(serial)).includes('K');
}

async function bootKernel(
  probe: KvmProbe,
  { kernel, initrd }: BootFiles,
  directory: string,
): Promise<boolean> {
  const serial = join(directory, 'kernel.txt');
  const boot = [
    '-kernel',
    kernel,
    '-initrd',
    initrd,
    '-append',
    'console=ttyS0 quiet panic=-1 hamster.probe',
  ];
  const status = await runGuest(
    probe,
    [...boot, '-m', '256', '-serial', `file:${serial}`],
    (probe.limits ?? LIMITS).kernelMs,
  );
  return status === 0 && (await said(serial)).includes(KERNEL_MARK);
}

/** The exit status, or undefined when the guest had to be killed. */
function runGuest(probe: KvmProbe, args: string[], limitMs: number): Promise<number | undefined> {
  const accelerator = probe.accelerator ?? 'kvm';
  const cpu = accelerator === 'kvm' ? 'host' : 'max';
  const common = [
    '-accel',
    accelerator,
    '-cpu',
    cpu,
    '-M',
    'pc',
    '-smp',
    '1',
    '-nodefaults',
    '-no-user-config',
  ];
  const quiet = ['-display', 'none', '-monitor', 'none', '-no-reboot'];
  return new Promise((resolve) => {
    const child = spawn(probe.emulator, [...common, ...quiet, ...args], {
      stdio: 'ignore',
      signal: deadlineSignal(limitMs, probe.signal),
      killSignal: 'SIGKILL',
    });
    child.once('error', () => resolve(undefined));
    child.once('close', (code) => resolve(code ?? undefined));
  });
}

async function said(path: string): Promise<string> {
  return readFile(path, 'latin1').catch(() => '');
}

async function accessible(path: string): Promise<boolean> {
  return access(path, constants.R_OK | constants.W_OK).then(
    () => true,
    () => false,
  );
}

function no(detail: string): KvmVerdict {
  return { works: false, detail: `${detail}; machines are emulated`, final: true };
}
