import { chmod, copyFile, cp, mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { findAptSources } from './apt-sources.ts';
import { asset } from './assets.ts';
import type { BuildContext } from './build-context.ts';
import { CLAIM_REVISION } from './entry.ts';
import { startInitramfs } from './initramfs.ts';
import { fetchKernel, KERNEL_PARAMETERS } from './kernel.ts';
import type { Kernel } from './kernel.ts';
import type { ImageDescription } from './publish.ts';

const SUITE = 'bookworm';

export const DEBIAN_12: ImageDescription = {
  name: 'debian-12',
  commandLine: `root=/dev/vda rw ${KERNEL_PARAMETERS}`,
  loginUser: 'root',
  minMemoryMib: 384,
  minDiskGib: 3,
  claimRevision: CLAIM_REVISION,
};

const PACKAGES = [
  'systemd-sysv',
  'systemd-resolved',
  'dbus',
  'udev',
  'openssh-server',
  'rsync',
  'qemu-guest-agent',
  'sudo',
  'iproute2',
  'iputils-ping',
  'ca-certificates',
  'curl',
  'less',
  'nano',
  'vim-tiny',
  // Ansible's modules are written in it.
  'python3',
  'procps',
  'kmod',
  'e2fsprogs',
  'bash-completion',
];
const BASE_DISK_SIZE = '2G';

/**
 * Debian 12 with systemd and OpenSSH. Keys come as systemd credentials, the host key through QEMU's firmware interface;
 * the file system grows to the machine's disk by itself.
 */
export async function buildDebian(context: BuildContext): Promise<string> {
  const kernel = await fetchKernel(context);
  const output = join(context.work, 'debian-output');
  await mkdir(output);
  const root = await buildRoot(context, kernel);
  await packDisk(context, root, join(output, 'disk.qcow2'));
  context.progress('packing the initial RAM disk');
  const tree = await startInitramfs(context, {
    kernel,
    init: asset('disk-initrd/init'),
    name: 'disk-initrd',
  });
  await tree.pack(join(output, 'initrd'));
  await copyFile(kernel.image, join(output, 'vmlinuz'));
  return output;
}

async function buildRoot(context: BuildContext, kernel: Kernel): Promise<string> {
  context.progress(`installing Debian (${SUITE}); this takes minutes`);
  const root = join(context.work, 'debian-root');
  const options = [
    '--mode=root',
    '--variant=minbase',
    `--include=${PACKAGES.join(',')}`,
    '--format=directory',
  ];
  await context.run('mmdebstrap', [...options, SUITE, root, ...(await findAptSources(SUITE))]);
  await chmod(root, 0o755);
  context.progress('configuring');
  await cp(asset('debian/rootfs'), root, { recursive: true });
  await cp(kernel.modules, join(root, 'usr/lib/modules', kernel.release), { recursive: true });
  await context.run('chroot', [root, 'depmod', kernel.release]);
  await context.run('sh', ['-eu', asset('debian/configure'), root]);
  return root;
}

async function packDisk({ run, progress, work }: BuildContext, root: string, output: string): Promise<void> {
  progress('packing the disk');
  const raw = join(work, 'debian.ext4');
  const lazy = 'lazy_itable_init=1,lazy_journal_init=1,nodiscard';
  await run('mke2fs', [
    '-q',
    '-t',
    'ext4',
    '-F',
    '-L',
    'root',
    '-m',
    '1',
    '-E',
    lazy,
    '-d',
    root,
    raw,
    BASE_DISK_SIZE,
  ]);
  await run('qemu-img', ['convert', '-O', 'qcow2', raw, output]);
}
