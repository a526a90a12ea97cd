import { chmod, copyFile, mkdir, symlink, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { accountFiles } from './account-files.ts';
import { asset } from './assets.ts';
import type { BuildContext } from './build-context.ts';
import { CLAIM_REVISION } from './entry.ts';
import { copyExecutable, startInitramfs } from './initramfs.ts';
import { fetchKernel, KERNEL_PARAMETERS } from './kernel.ts';
import type { ImageDescription } from './publish.ts';
import { SSH_PROGRAMS } from './ssh-programs.ts';

export const TINY: ImageDescription = {
  name: 'tiny',
  commandLine: `${KERNEL_PARAMETERS} panic=10`,
  loginUser: 'root',
  minMemoryMib: 128,
  minDiskGib: 1,
  claimRevision: CLAIM_REVISION,
};

const PROGRAMS = [...SSH_PROGRAMS, '/sbin/mke2fs', '/sbin/resize2fs'];
const SCRIPTS = {
  lease: 'bin/on-dhcp-lease',
  agent: 'usr/sbin/agent',
  identity: 'usr/libexec/hamster/identity',
  settle: 'usr/libexec/hamster/settle',
  'power-off': 'usr/libexec/hamster/power-off',
};
/** What acpid runs when the hypervisor presses it. */
const POWER_BUTTON = 'etc/acpi/PWRF/00000080';
const NOTICE =
  'Your disk is /data, which holds the homes, too. All else is in memory and as new after each start.';
const DIRECTORIES = ['run', 'tmp', 'etc/dropbear', 'home/renter', 'var/log', 'data', 'usr/sbin', 'root'];

/**
 * A system that lives in its initial RAM disk: busybox, dropbear and Debian's cloud kernel. It boots in seconds even
 * without hardware virtualisation. The machine's disk is /data and holds the homes and the host key.
 */
export async function buildTiny(context: BuildContext): Promise<string> {
  const kernel = await fetchKernel(context);
  context.progress('packing busybox and dropbear');
  const tree = await startInitramfs(context, { kernel, init: asset('tiny/init'), name: 'tiny-root' });
  for (const directory of DIRECTORIES) await mkdir(join(tree.root, directory), { recursive: true });
  for (const program of PROGRAMS) await tree.addProgram(program);
  const files = accountFiles({
    name: TINY.name,
    homes: { root: '/root', renter: '/home/renter' },
    notice: NOTICE,
  });
  for (const [name, content] of Object.entries(files)) await writeFile(join(tree.root, name), content);
  // By which programs learn what is mounted.
  await symlink('/proc/mounts', join(tree.root, 'etc/mtab'));
  await chmod(join(tree.root, 'etc/shadow'), 0o600);
  await chmod(join(tree.root, 'root'), 0o700);
  await chmod(join(tree.root, 'tmp'), 0o1777);
  for (const [from, to] of Object.entries(SCRIPTS)) {
    await copyExecutable(asset(`tiny/${from}`), join(tree.root, to));
  }
  await mkdir(join(tree.root, dirname(POWER_BUTTON)), { recursive: true });
  await symlink(`/${SCRIPTS['power-off']}`, join(tree.root, POWER_BUTTON));
  const output = join(context.work, 'tiny-output');
  await mkdir(output);
  await copyFile(kernel.image, join(output, 'vmlinuz'));
  await tree.pack(join(output, 'initrd'));
  return output;
}
