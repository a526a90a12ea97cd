import { chmod, copyFile, mkdir, realpath, stat, symlink } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { MachineError } from '../errors.ts';
import { isMissing } from '../host/files.ts';
import { asset } from './assets.ts';
import type { BuildContext } from './build-context.ts';
import type { Kernel } from './kernel.ts';

/** What a guest under QEMU needs; each module comes after those it uses. */
const VIRTIO_MODULES = [
  'drivers/virtio/virtio_ring',
  'drivers/virtio/virtio',
  'drivers/virtio/virtio_pci_legacy_dev',
  'drivers/virtio/virtio_pci_modern_dev',
  'drivers/virtio/virtio_pci',
  'drivers/block/virtio_blk',
  'net/core/failover',
  'drivers/net/net_failover',
  'drivers/net/virtio_net',
  'drivers/char/hw_random/virtio-rng',
  // The guest agent's port, and what the provider hands in without it.
  'drivers/char/virtio_console',
  'drivers/firmware/qemu_fw_cfg',
];
/** The power button, by which the hypervisor asks a guest to stop. */
const BUTTON_MODULES = ['drivers/input/evdev', 'drivers/acpi/button'];
const BUSYBOX = '/bin/busybox';

export type Initramfs = {
  root: string;
  addProgram(path: string): Promise<void>;
  pack(output: string): Promise<void>;
};

/** A tree with busybox, the kernel's modules under /m in the order of loading, and `init`. */
export async function startInitramfs(
  context: BuildContext,
  { kernel, init, name }: { kernel: Kernel; init: string; name: string },
): Promise<Initramfs> {
  const root = join(context.work, name);
  for (const directory of ['bin', 'dev', 'proc', 'sys', 'm']) {
    await mkdir(join(root, directory), { recursive: true });
  }
  // Accounts other than root must be able to pass through the root directory.
  await chmod(root, 0o755);
  await addStaticBusybox(context, root);
  await addModules(root, kernel);
  await copyExecutable(init, join(root, 'init'));
  await copyExecutable(asset('initramfs/network'), join(root, 'lib/network'));
  return {
    root,
    addProgram: (path) => addWithLibraries(context, root, path),
    pack: (output) => pack(context, root, output),
  };
}

export async function copyExecutable(from: string, to: string): Promise<void> {
  await mkdir(dirname(to), { recursive: true });
  await copyFile(from, to).catch((error: unknown) => {
    if (!isMissing(error)) throw error;
    throw new MachineError('ImageBuildFailed', `${from} is missing: run scripts/setup-host.sh as root`);
  });
  await chmod(to, 0o755);
}

/** Debian's static busybox as /bin/busybox, and a shell. */
export async function addStaticBusybox({ run }: BuildContext, root: string): Promise<void> {
  await copyExecutable(BUSYBOX, join(root, 'bin/busybox'));
  await symlink('busybox', join(root, 'bin/sh'));
  const linked = await run('ldd', [BUSYBOX]).catch(() => '');
  if (!linked.includes('=>')) return;
  throw new MachineError('ImageBuildFailed', `${BUSYBOX} is not static: install the package busybox-static`);
}

async function addModules(root: string, kernel: Kernel): Promise<void> {
  for (const [index, module] of [...VIRTIO_MODULES, ...BUTTON_MODULES].entries()) {
    const target = join(root, 'm', `${String(index).padStart(2, '0')}-${basename(module)}.ko`);
    await copyFile(join(kernel.modules, 'kernel', `${module}.ko`), target);
  }
}

/** The program and all shared libraries it names, each at its own path. */
export async function addWithLibraries({ run }: BuildContext, root: string, path: string): Promise<void> {
  await copyExecutable(path, join(root, path));
  const listing = await run('ldd', [path]);
  for (const [library] of listing.matchAll(/\/[^ ]*\.so[^ ]*/g)) {
    await copyExecutable(await realpath(library), join(root, library));
  }
}

// The same content gives the same bytes, and so the same version, whenever it is packed.
const PACK = `
  find . -exec touch --no-dereference --date=@0 {} +
  find . -print0 | sort -z | cpio --null -o -H newc --owner 0:0 --reproducible --quiet | lz4 -l -9 -c > "$OUTPUT"
`;

async function pack({ run }: BuildContext, root: string, output: string): Promise<void> {
  const env = { ...process.env, OUTPUT: output };
  await run('bash', ['-o', 'pipefail', '-euc', PACK], { cwd: root, env });
  if ((await stat(output)).size > 0) return;
  throw new MachineError('ImageBuildFailed', `${output} came out empty`);
}
