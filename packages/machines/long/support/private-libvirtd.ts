import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { appendFile, cp, mkdir, mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import { join } from 'node:path';
import { connectLibvirt } from '@hamster/libvirt';
import { pollUntil } from '../../src/host/poll.ts';

/** Where a libvirtd of the system keeps what two of them must not share. */
const PLACES = {
  run: '/run/libvirt',
  etc: '/etc/libvirt',
  cache: '/var/cache/libvirt',
  qemu: '/var/lib/libvirt/qemu',
  dnsmasq: '/var/lib/libvirt/dnsmasq',
};
const START_LIMIT_MS = 120_000;

/**
 * A libvirtd with directories and a network of its own, in namespaces that outlive it, so that it can be killed and started
 * again beside the system's. Needs root.
 */
export class PrivateLibvirtd {
  #directory = '';
  #namespaces: ChildProcess | undefined;
  #daemon: ChildProcess | undefined;

  get socketPath(): string {
    return join(this.#directory, 'run', 'libvirt-sock');
  }

  async setUp(): Promise<void> {
    this.#directory = await mkdtemp(join(os.tmpdir(), 'hamster-libvirtd-'));
    for (const name of Object.keys(PLACES)) await mkdir(join(this.#directory, name));
    const etc = join(this.#directory, 'etc');
    for (const file of ['libvirtd.conf', 'qemu.conf', 'nwfilter'])
      await cp(join(PLACES.etc, file), join(etc, file), { recursive: true });
    // Without virtlogd, of which there is one, QEMU itself writes logs into directories of root's.
    // Images are shared with the system's, which refuses those whose owner another one has changed: root needs to change none.
    const settings = [
      'stdio_handler = "file"',
      'user = "root"',
      'group = "root"',
      'dynamic_ownership = 0',
      'remember_owner = 0',
    ];
    await appendFile(join(etc, 'qemu.conf'), `\n${settings.join('\n')}\n`);
    await appendFile(join(etc, 'libvirtd.conf'), '\nauth_unix_rw = "none"\n');
    const binds = Object.entries(PLACES).map(
      ([name, target]) => `mkdir -p ${target} && mount --bind ${join(this.#directory, name)} ${target}`,
    );
    const script = [...binds, 'ip link set lo up', 'echo ready', 'exec sleep infinity'].join(' && ');
    this.#namespaces = spawn('unshare', ['--mount', '--net', 'sh', '-c', script], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const { stdout } = this.#namespaces;
    if (stdout) await once(stdout, 'data', { signal: AbortSignal.timeout(START_LIMIT_MS) });
  }

  async start(): Promise<void> {
    const inside = ['--target', `${this.#namespaces?.pid}`, '--mount', '--net'];
    this.#daemon = spawn('nsenter', [...inside, 'libvirtd', '--pid-file', '/run/libvirt/libvirtd.pid'], {
      stdio: 'ignore',
    });
    const answers = async (): Promise<true | undefined> => {
      const libvirt = await connectLibvirt({ socketPath: this.socketPath }).catch(() => undefined);
      await libvirt?.close();
      return libvirt && true;
    };
    await pollUntil(answers, { signal: AbortSignal.timeout(START_LIMIT_MS), intervalMs: 200 });
  }

  /** Gone at once, as after a crash; what it started runs on. */
  async kill(): Promise<void> {
    const daemon = this.#daemon;
    // Whoever hears of its end first may start the next one.
    this.#daemon = undefined;
    await end(daemon);
  }

  async tearDown(): Promise<void> {
    await this.kill();
    await end(this.#namespaces);
    await rm(this.#directory, { recursive: true, force: true });
  }
}

async function end(child: ChildProcess | undefined): Promise<void> {
  if (child === undefined || child.exitCode !== null || child.signalCode !== null) return;
  const exited = once(child, 'exit');
  child.kill('SIGKILL');
  await exited;
}
