import { mkdir, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { MachineError } from '../errors.ts';
import type { BuildContext } from './build-context.ts';

/** A kernel for virtual machines, taken out of the distribution's package. */
export type Kernel = { release: string; image: string; modules: string };

/**
 * What every kernel of our images is told. It tests its ciphers at each boot, as it does not unless a distribution wants it to;
 * that takes an emulated guest most of a second.
 */
export const KERNEL_PARAMETERS = 'console=ttyS0 quiet net.ifnames=0 cryptomgr.notests';

const META_PACKAGE = 'linux-image-cloud-amd64';

/** Downloads Debian's cloud kernel with the host's own APT sources and unpacks it; nothing is installed. */
export async function fetchKernel(context: BuildContext): Promise<Kernel> {
  context.progress(`fetching the kernel (${META_PACKAGE})`);
  const name = await kernelPackage(context);
  const directory = join(context.work, 'kernel-package');
  await mkdir(directory);
  // Without the sandbox account, which could not write here.
  await context.run('apt-get', ['-q', '-o', 'APT::Sandbox::User=root', 'download', name], { cwd: directory });
  const deb = (await readdir(directory)).find((file) => file.endsWith('.deb'));
  if (deb === undefined)
    throw new MachineError('ImageBuildFailed', `apt-get download ${name} left no package`);
  await context.run('dpkg-deb', ['-x', deb, 'root'], { cwd: directory });
  const release = name.replace('linux-image-', '');
  const image = join(directory, 'root/boot', `vmlinuz-${release}`);
  return { release, image, modules: join(directory, 'root/lib/modules', release) };
}

async function kernelPackage({ run }: BuildContext): Promise<string> {
  const depends = (): Promise<string> => run('apt-cache', ['depends', META_PACKAGE]).catch(() => '');
  const find = (text: string): string | undefined => /Depends: (linux-image-\S+)/.exec(text)?.[1];
  const known = find(await depends());
  if (known !== undefined) return known;
  await run('apt-get', ['-q', 'update']);
  const found = find(await depends());
  if (found !== undefined) return found;
  const message = `APT knows no package ${META_PACKAGE}: images are built on Debian 12 for amd64`;
  throw new MachineError('ImageBuildFailed', message);
}
