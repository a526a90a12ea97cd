import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import type { ServerChannel, Session } from 'ssh2';
import type { MachineLayout } from '../layout.ts';
import { connectChild } from './bridge.ts';
import type { Environment } from './environment.ts';
import { loginEnvironment, loginShell, mayClientSet } from './environment.ts';
import { canOpenTerminals, openTerminal } from './terminal.ts';
import type { PipedChild, Terminal, WindowSize } from './terminal.ts';

const NOTICE = 'This machine is a process on a development host: it is NOT isolated from that host.';
const SFTP_SERVERS = ['/usr/lib/openssh/sftp-server', '/usr/libexec/openssh/sftp-server'];

type Pending = { env: Environment; terminal?: { term: string; size: WindowSize } | undefined };

/** Serves one session channel: at most one shell, command or file transfer, with or without a terminal. */
export function serveSession(session: Session, layout: MachineLayout): void {
  const pending: Pending = { env: loginEnvironment(layout) };
  let opened: Terminal | undefined;
  const run = (channel: ServerChannel, command: string | undefined): void => {
    const started = start(pending, layout, command);
    opened = started.terminal;
    connectChild(channel, session, started);
  };
  prepare(session, pending);
  session.on('window-change', (_accept, _reject, info) => {
    opened?.resize({ rows: info.rows, columns: info.cols });
  });
  session.on('shell', (accept) => run(accept(), undefined));
  session.on('exec', (accept, _reject, info) => run(accept(), info.command));
  session.on('subsystem', (accept, reject, info) => {
    const server = info.name === 'sftp' ? SFTP_SERVERS.find((path) => existsSync(path)) : undefined;
    if (server === undefined) reject();
    else connectChild(accept(), session, { child: spawnPiped(server, [], pending.env, layout) });
  });
}

// Requests that come before the command. `env` often wants no reply, and then there is no `accept`.
function prepare(session: Session, pending: Pending): void {
  session.on('env', (accept: (() => void) | undefined, reject: (() => boolean) | undefined, info) => {
    if (!mayClientSet(info.key, String(info.val))) return void reject?.();
    pending.env[info.key] = String(info.val);
    accept?.();
  });
  session.on('pty', (accept: (() => void) | undefined, reject: (() => boolean) | undefined, info) => {
    if (!canOpenTerminals()) return void reject?.();
    const term = /^[\w.+-]{1,64}$/.test(info.term) ? info.term : 'xterm';
    pending.terminal = { term, size: { rows: info.rows, columns: info.cols } };
    accept?.();
  });
}

function start(
  pending: Pending,
  layout: MachineLayout,
  command: string | undefined,
): { child: PipedChild; terminal?: Terminal } {
  const shell = loginShell();
  if (pending.terminal) {
    const env = command === undefined ? pending.env : { ...pending.env, HAMSTER_COMMAND: command };
    const line =
      command === undefined ? `echo '${NOTICE}'; exec ${shell} -l` : `exec ${shell} -c "$HAMSTER_COMMAND"`;
    const terminal = openTerminal({ ...pending.terminal, command: line, cwd: layout.home, env });
    return { child: terminal.child, terminal };
  }
  const args = command === undefined ? ['-l'] : ['-c', command];
  return { child: spawnPiped(shell, args, pending.env, layout) };
}

function spawnPiped(file: string, args: string[], env: Environment, layout: MachineLayout): PipedChild {
  return spawn(file, args, { cwd: layout.home, env, detached: true, stdio: ['pipe', 'pipe', 'pipe'] });
}
