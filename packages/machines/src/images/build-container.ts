import { chmod, mkdir, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { accountFiles } from './account-files.ts';
import { asset } from './assets.ts';
import type { BuildContext } from './build-context.ts';
import { addStaticBusybox, addWithLibraries, copyExecutable } from './initramfs.ts';
import type { ContainerDescription } from './publish.ts';
import { SSH_PROGRAMS } from './ssh-programs.ts';

export const CONTAINER_TINY: ContainerDescription = {
  name: 'container-tiny',
  command: ['/sbin/hamster-init'],
  readOnlyRoot: true,
  loginUser: 'root',
  minMemoryMib: 32,
  minDiskGib: 1,
};

const DIRECTORIES = [
  'bin',
  'sbin',
  'usr/bin',
  'usr/sbin',
  'etc',
  'dev',
  'proc',
  'sys',
  'run',
  'tmp',
  'var',
  'data',
];
const NOTICE =
  'Your disk is /data, which holds the homes, too. /tmp and /run are in memory; nothing else can be written.';
/** The driver's side of things, mounted read-only: keys and identity. */
const CONTROL = 'hamster';
// The same content gives the same bytes, and so the same version, whenever it is packed.
const TAR = ['--sort=name', '--mtime=@0', '--owner=0', '--group=0', '--numeric-owner', '--format=gnu'];

/** Busybox and dropbear as the root file system of a container. All that is written goes to /data, /run and /tmp. */
export async function buildContainer(context: BuildContext): Promise<string> {
  context.progress('packing busybox and dropbear');
  const root = join(context.work, 'container-root');
  for (const directory of [...DIRECTORIES, CONTROL]) await mkdir(join(root, directory), { recursive: true });
  await chmod(root, 0o755);
  await addStaticBusybox(context, root);
  await linkApplets(context, root);
  for (const program of SSH_PROGRAMS) await addWithLibraries(context, root, program);
  const homes = { root: '/data/home/root', renter: '/data/home/renter' };
  const files = accountFiles({ name: CONTAINER_TINY.name, homes, notice: NOTICE });
  for (const [name, content] of Object.entries(files)) await writeFile(join(root, name), content);
  await chmod(join(root, 'etc/shadow'), 0o600);
  await symlink('/run', join(root, 'var/run'));
  await symlink(`/${CONTROL}/machine-id`, join(root, 'etc/machine-id'));
  await copyExecutable(asset('container/init'), join(root, 'sbin/hamster-init'));
  const output = join(context.work, 'container-output');
  await mkdir(output);
  await context.run('tar', [...TAR, '-C', root, '-cf', join(output, 'rootfs.tar'), '.']);
  return output;
}

async function linkApplets({ run }: BuildContext, root: string): Promise<void> {
  const applets = (await run('/bin/busybox', ['--list'])).split('\n').filter((name) => name !== '');
  for (const applet of applets.filter((name) => name !== 'sh' && name !== 'busybox')) {
    await symlink('busybox', join(root, 'bin', applet));
  }
}
