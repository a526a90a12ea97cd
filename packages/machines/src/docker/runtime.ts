import type Docker from 'dockerode';
import { MachineError, textOf } from '../errors.ts';
import type { DockerDriverOptions } from './options.ts';
import type { Owner } from './volume.ts';

const RUNC = 'runc';
const GVISOR = 'runsc';
const PROBE_LIMIT_MS = 30_000;
/** gVisor has a network of its own making, which may fail by itself. Built-ins only: images differ in what they have. */
const HAS_NETWORK =
  'while read -r line; do case $line in eth0:*) exit 0 ;; esac; done </proc/net/dev; exit 1';
/** The daemon's root directory ends with these numbers when it maps the root of containers to another account. */
const MAPPED = /\/(\d+)\.(\d+)$/;

/** What older versions say, such as Debian 12's, on kernels that show every network namespace what only the host's had. */
const TOO_OLD_FOR_KERNEL = 'cannot run with network enabled in root network namespace';

export type RuntimeVerdict = { runtime: string; detail: string };

/** What the daemon can do for isolation beyond the kernel's plain namespaces; asked once. */
export class RuntimeJudge {
  readonly #api: Docker;
  readonly #wish: NonNullable<DockerDriverOptions['runtime']>;
  #verdict: Promise<RuntimeVerdict> | undefined;

  constructor(api: Docker, wish: NonNullable<DockerDriverOptions['runtime']>) {
    this.#api = api;
    this.#wish = wish;
  }

  /** Who of the host is root in a container. */
  async owner(): Promise<Owner> {
    const info = (await this.#api.info()) as { DockerRootDir?: string };
    const [, uid, gid] = MAPPED.exec(info.DockerRootDir ?? '') ?? [];
    return { uid: Number(uid ?? 0), gid: Number(gid ?? 0) };
  }

  async runtime(image: string): Promise<string> {
    return (await this.verdict(image)).runtime;
  }

  /** `image` is one that Docker has; it is run once under gVisor, which exists on hosts where it hangs. */
  verdict(image: string): Promise<RuntimeVerdict> {
    this.#verdict ??= this.#judge(image);
    return this.#verdict;
  }

  /** The next question is answered by a new look. */
  forget(): void {
    this.#verdict = undefined;
  }

  async #judge(image: string): Promise<RuntimeVerdict> {
    if (this.#wish !== 'auto') return { runtime: this.#wish, detail: `${this.#wish}, as asked for` };
    const { Runtimes } = (await this.#api.info()) as { Runtimes?: Record<string, unknown> };
    if (Runtimes?.[GVISOR] === undefined) {
      return {
        runtime: RUNC,
        detail: 'the daemon has no runsc: install the package runsc and add it to daemon.json',
      };
    }
    const problem = await this.#probe(image).then(() => undefined, textOf);
    if (problem === undefined) return { runtime: GVISOR, detail: 'runsc ran a container' };
    return { runtime: RUNC, detail: `runsc does not run containers here (${inPlainWords(problem)})` };
  }

  async #probe(image: string): Promise<void> {
    const container = await this.#api.createContainer({
      Image: image,
      Cmd: ['/bin/sh', '-c', HAS_NETWORK],
      HostConfig: { Runtime: GVISOR, NetworkMode: 'bridge', CapDrop: ['ALL'], Memory: 128 * 1024 ** 2 },
    });
    try {
      await container.start();
      const limit = { abortSignal: AbortSignal.timeout(PROBE_LIMIT_MS) };
      const { StatusCode } = (await container.wait(limit)) as { StatusCode: number };
      if (StatusCode === 0) return;
      throw new MachineError(
        'HostUnfit',
        `a program that looks for its network ended with status ${StatusCode}`,
      );
    } finally {
      await container.remove({ force: true });
    }
  }
}

function inPlainWords(problem: string): string {
  if (!problem.includes(TOO_OLD_FOR_KERNEL)) return problem;
  return (
    "this version is too old for this kernel and takes a container's network for the host's: install a newer runsc, or let it use " +
    'the network that Docker made for the container, with "runtimeArgs": ["--network=host"] beside its path in daemon.json'
  );
}
