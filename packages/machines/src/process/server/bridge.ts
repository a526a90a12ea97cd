import { constants } from 'node:os';
import type { ServerChannel, Session } from 'ssh2';
import type { PipedChild, Terminal } from './terminal.ts';

const SIGNALS = new Set(['HUP', 'INT', 'QUIT', 'TERM', 'KILL', 'USR1', 'USR2']);

/**
 * Joins a channel to a process: bytes both ways with backpressure, end of input, signals, exit status.
 * When the client leaves, a terminal hangs up and its programs with it; a plain command only loses its pipes,
 * as with sshd, so that `nohup` and friends go on.
 */
export function connectChild(
  channel: ServerChannel,
  session: Session,
  { child, terminal }: { child: PipedChild; terminal?: Terminal },
): void {
  channel.pipe(child.stdin);
  child.stdout.pipe(channel, { end: false });
  child.stderr.pipe(channel.stderr, { end: false });
  for (const stream of [channel, channel.stderr, child.stdin, child.stdout, child.stderr]) {
    stream.on('error', () => undefined);
  }
  session.on('signal', (_accept, _reject, info) => {
    const name = info.name.replace(/^SIG/, '');
    if (SIGNALS.has(name)) signalGroup(child, terminal, `SIG${name}` as NodeJS.Signals);
  });
  child.once('error', () => finish(channel, 127, null));
  child.once('close', (code, signal) => finish(channel, code, signal));
  channel.once('close', () => {
    child.stdin.destroy();
    child.stdout.destroy();
    child.stderr.destroy();
    if (terminal) child.kill('SIGHUP');
  });
}

function finish(channel: ServerChannel, code: number | null, signal: NodeJS.Signals | null): void {
  if (channel.destroyed) return;
  if (signal === null) channel.exit(code ?? 255);
  else channel.exit(signal.replace(/^SIG/, ''), constants.signals[signal] === constants.signals.SIGQUIT);
  channel.end();
}

// A command without a terminal leads its own process group; `script` passes a signal on to its terminal.
function signalGroup(child: PipedChild, terminal: Terminal | undefined, signal: NodeJS.Signals): void {
  try {
    if (terminal || child.pid === undefined) child.kill(signal);
    else process.kill(-child.pid, signal);
  } catch {
    // The process ended before the signal came.
  }
}
