import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { chmod, mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import { join } from 'node:path';
import Docker from 'dockerode';
import { pollUntil } from '../../src/host/poll.ts';
import { runCommand } from '../../src/host/run-command.ts';

const START_LIMIT_MS = 60_000;
const ADDRESS = '10.213.77.1/24';

/**
 * A dockerd beside the system's. It leaves the firewall alone, whose chains are the other daemon's, and has a bridge of its own: one
 * with the usual bridge, or with none, would remove the other's. Needs root.
 */
export class PrivateDockerd {
  readonly #flags: readonly string[];
  /** At most 15 characters, as the kernel demands. */
  readonly #bridge = `hmd${process.pid}`;
  #directory = '';
  #daemon: ChildProcess | undefined;

  constructor(flags: readonly string[]) {
    this.#flags = flags;
  }

  get socketPath(): string {
    return join(this.#directory, 'sock');
  }

  async start(): Promise<void> {
    this.#directory = await mkdtemp(join(os.tmpdir(), 'hamster-dockerd-'));
    // Whoever is root in a container passes through.
    await chmod(this.#directory, 0o711);
    const at = (name: string): string => join(this.#directory, name);
    const places = ['--data-root', at('data'), '--exec-root', at('exec'), '--pidfile', at('pid')];
    await runCommand('ip', ['link', 'add', 'name', this.#bridge, 'type', 'bridge']);
    await runCommand('ip', ['address', 'add', ADDRESS, 'dev', this.#bridge]);
    const network = ['--bridge', this.#bridge, '--iptables=false', '--ip-masq=false'];
    this.#daemon = spawn(
      'dockerd',
      [...this.#flags, ...places, ...network, '-H', `unix://${this.socketPath}`],
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
    await runCommand('ip', ['link', 'delete', this.#bridge]);
    await rm(this.#directory, { recursive: true, force: true });
  }
}
