import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { chmod, mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import { join } from 'node:path';
import Docker from 'dockerode';
import { pollUntil } from '../../src/host/poll.ts';

const START_LIMIT_MS = 60_000;

/**
 * A dockerd with user namespaces, beside the system's. It has no bridge of its own and leaves the firewall alone, whose
 * chains are the other daemon's. Needs root.
 */
export class PrivateDockerd {
  #directory = '';
  #daemon: ChildProcess | undefined;

  get socketPath(): string {
    return join(this.#directory, 'sock');
  }

  async start(): Promise<void> {
    this.#directory = await mkdtemp(join(os.tmpdir(), 'hamster-dockerd-'));
    // Whoever is root in a container passes through.
    await chmod(this.#directory, 0o711);
    const at = (name: string): string => join(this.#directory, name);
    const places = ['--data-root', at('data'), '--exec-root', at('exec'), '--pidfile', at('pid')];
    const network = ['--bridge', 'none', '--iptables=false', '--ip-masq=false'];
    this.#daemon = spawn(
      'dockerd',
      ['--userns-remap', 'default', ...places, ...network, '-H', `unix://${this.socketPath}`],
      { stdio: 'ignore' },
    );
    const api = new Docker({ socketPath: this.socketPath });
    const answers = async (): Promise<true | undefined> =>
      api.ping().then(
        () => true,
        () => undefined,
      );
    await pollUntil(answers, { signal: AbortSignal.timeout(START_LIMIT_MS), intervalMs: 100 });
  }

  async stop(): Promise<void> {
    const daemon = this.#daemon;
    if (daemon?.exitCode === null) {
      const exited = once(daemon, 'exit');
      daemon.kill('SIGTERM');
      await exited;
    }
    await rm(this.#directory, { recursive: true, force: true });
  }
}
