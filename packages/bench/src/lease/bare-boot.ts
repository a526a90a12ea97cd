import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { waitForSsh } from '@hamster/machines';
import { BenchError } from '../errors.ts';
import { freePort } from '../free-port.ts';

export interface BareBoot {
  readonly kernel: string;
  readonly initrd: string;
  /** What the disk starts from; an empty one unless given. */
  readonly disk: string | undefined;
  readonly commandLine: string;
  readonly memoryMib: number;
  readonly diskGib: number;
  readonly accelerated: boolean;
  readonly folder: string;
  readonly signal: AbortSignal;
}

const QEMU = 'qemu-system-x86_64';
const LIMIT_MS = 300_000;

/** Seconds that QEMU alone takes from its start until SSH answers, with neither libvirt, network nor filter around it. */
export async function bareBoot(boot: BareBoot): Promise<number> {
  const disk = join(boot.folder, 'bare.qcow2');
  await makeDisk(boot, disk);
  const port = await freePort();
  const started = performance.now();
  const qemu = spawn(QEMU, argumentsOf(boot, { disk, port }), { stdio: 'ignore' });
  const exited = once(qemu, 'exit');
  try {
    const endpoint = { host: '127.0.0.1', port, user: 'root' };
    const hostKey = await waitForSsh({ endpoint, timeoutMs: LIMIT_MS, signal: boot.signal });
    if (hostKey === undefined) throw new BenchError('BENCH_PROCESS', 'QEMU alone did not bring SSH up');
    return (performance.now() - started) / 1000;
  } finally {
    qemu.kill('SIGKILL');
    await exited;
    await rm(disk, { force: true });
  }
}

function argumentsOf(boot: BareBoot, { disk, port }: { disk: string; port: number }): string[] {
  const accelerator = boot.accelerated ? ['-accel', 'kvm', '-cpu', 'host'] : ['-cpu', 'max'];
  return [
    ...accelerator,
    ...['-M', 'q35'],
    ...['-m', `${boot.memoryMib}`, '-smp', '1', '-nodefaults', '-no-user-config', '-display', 'none'],
    ...['-kernel', boot.kernel, '-initrd', boot.initrd, '-append', boot.commandLine, '-serial', 'null'],
    ...['-drive', `file=${disk},if=virtio,format=qcow2,cache=unsafe`],
    ...['-netdev', `user,id=net,restrict=on,hostfwd=tcp:127.0.0.1:${port}-:22`],
    ...['-device', 'virtio-net-pci,netdev=net,romfile=', '-device', 'virtio-rng-pci'],
  ];
}

async function makeDisk({ disk: base, diskGib }: BareBoot, path: string): Promise<void> {
  const backing = base === undefined ? [] : ['-F', 'qcow2', '-b', base];
  const made = spawn('qemu-img', ['create', '-q', '-f', 'qcow2', ...backing, path, `${diskGib}G`], {
    stdio: 'ignore',
  });
  const [code] = (await once(made, 'exit')) as [number | null];
  if (code !== 0) throw new BenchError('BENCH_PROCESS', `qemu-img ended with ${code}`);
}
