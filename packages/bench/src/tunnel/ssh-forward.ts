import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { access, mkdir, writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { userInfo } from 'node:os';
import { delimiter, join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { generateSshKeyPair } from '@hamster/ssh-keys';
import { BenchError } from '../errors.ts';
import { freePort } from '../free-port.ts';

/** `ssh -L` to this host's own OpenSSH, with keys that live as long as the measurement. */
export interface SshForward {
  readonly port: number;
  stop(): Promise<void>;
}

const READY_MS = 20_000;
/** sshd as root drops its rights here, and expects somebody to have made it. */
const PRIVILEGE_SEPARATION = '/run/sshd';

/** undefined where there is no sshd. */
export async function sshForward(folder: string, target: number): Promise<SshForward | undefined> {
  const sshd = await findSshd();
  if (sshd === undefined) return undefined;
  const files = await writeFiles(folder);
  const [serverPort, port] = [await freePort(), await freePort()];
  const server = run(sshd, ['-D', '-e', '-f', files.config, '-p', `${serverPort}`]);
  const client = run('ssh', [
    ...['-N', '-F', 'none', '-i', files.userKey, '-p', `${serverPort}`, '-l', userInfo().username],
    ...['-o', 'BatchMode=yes', '-o', 'IdentitiesOnly=yes', '-o', 'ExitOnForwardFailure=yes'],
    ...['-o', 'StrictHostKeyChecking=no', '-o', `UserKnownHostsFile=${join(folder, 'known_hosts')}`],
    ...['-o', 'ConnectionAttempts=10', '-L', `127.0.0.1:${port}:127.0.0.1:${target}`, '127.0.0.1'],
  ]);
  const stop = async (): Promise<void> => {
    await Promise.all([end(client), end(server)]);
  };
  try {
    await listening(port, client);
  } catch (error) {
    await stop();
    throw error;
  }
  return { port, stop };
}

async function writeFiles(folder: string): Promise<{ config: string; userKey: string }> {
  const [config, hostKey, userKey] = ['sshd_config', 'host_key', 'user_key'].map((name) =>
    join(folder, name),
  );
  const authorized = join(folder, 'authorized_keys');
  const [host, user] = [generateSshKeyPair('bench-host'), generateSshKeyPair('bench-user')];
  if (!config || !hostKey || !userKey) throw new BenchError('BENCH_PROCESS', 'No place for the keys of sshd');
  const secret = { mode: 0o600 };
  await writeFile(hostKey, host.privateKey, secret);
  await writeFile(userKey, user.privateKey, secret);
  await writeFile(authorized, `${user.publicKey}\n`, secret);
  const lines = [
    'ListenAddress 127.0.0.1',
    `HostKey ${hostKey}`,
    `AuthorizedKeysFile ${authorized}`,
    'AuthenticationMethods publickey',
    'PermitRootLogin prohibit-password',
    'AllowTcpForwarding local',
    'UsePAM no',
    'StrictModes no',
    'PidFile none',
  ];
  await writeFile(config, `${lines.join('\n')}\n`, secret);
  if (process.getuid?.() === 0) await mkdir(PRIVILEGE_SEPARATION, { recursive: true, mode: 0o755 });
  return { config, userKey };
}

async function findSshd(): Promise<string | undefined> {
  // It wants to be called by its whole path, and its folder is seldom on a user's PATH.
  const folders = [...(process.env.PATH ?? '').split(delimiter), '/usr/sbin', '/usr/local/sbin'];
  for (const folder of folders) {
    const path = join(folder, 'sshd');
    if (
      await access(path).then(
        () => true,
        () => false,
      )
    )
      return path;
  }
  return undefined;
}

function run(program: string, args: readonly string[]): ChildProcess {
  const child = spawn(program, args, { stdio: 'ignore' });
  child.on('error', () => undefined);
  return child;
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null || child.pid === undefined) return;
  const exited = once(child, 'exit');
  child.kill('SIGTERM');
  await exited;
}

async function listening(port: number, client: ChildProcess): Promise<void> {
  const deadline = performance.now() + READY_MS;
  while (performance.now() < deadline && client.exitCode === null) {
    if (await answers(port)) return;
    await wait(50);
  }
  throw new BenchError('BENCH_PROCESS', 'ssh -L did not come up beside its own sshd');
}

function answers(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ port, host: '127.0.0.1' });
    socket.on('error', () => resolve(false));
    socket.on('connect', () => {
      socket.destroy();
      resolve(true);
    });
  });
}
