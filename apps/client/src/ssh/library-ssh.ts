import { readFile } from 'node:fs/promises';
import type { Duplex } from 'node:stream';
import { askHidden, sentenceOf, withDeadline } from '@hamster/daemon';
import ssh2 from 'ssh2';
import type { Client, ClientChannel } from 'ssh2';
import type { Context } from '../cli/context.ts';
import { CliError, EXIT } from '../cli/errors.ts';
import { attach, watched } from './attach.ts';
import type { Watched } from './attach.ts';
import { parseKeyLine } from './public-key.ts';
import type { Remote } from './remote.ts';

export interface Login {
  readonly tunnel: Duplex;
  readonly user: string;
  /** The key that the chain has for the machine. */
  readonly hostKey: string;
  readonly identityFile: string | undefined;
}

const READY_MS = 30_000;

/**
 * Logs in without the system's ssh: a command, or a shell. Resolves with the remote exit code; rejects with the reason of the context's
 * signal when that aborts.
 */
export async function librarySsh(context: Context, login: Login, remote: Remote): Promise<number> {
  const { terminal, signal } = context;
  const client = new ssh2.Client();
  try {
    await logIn(client, context, login);
    const wantsTerminal = remote.tty || remote.command.length === 0;
    const interactive = wantsTerminal && terminal.input.isTTY === true;
    const channel = await orAborted(signal, openChannel(client, remote.command, interactive));
    return await attach(channel, { terminal, interactive, signal });
  } finally {
    // What the machine says of the end is nobody's concern any more.
    client.on('error', () => undefined);
    client.end();
  }
}

async function logIn(client: Client, context: Context, login: Login): Promise<void> {
  const pinned = Buffer.from(parseKeyLine(login.hostKey, 'The host key on chain').base64, 'base64');
  const authentication = await keyOf(context, login.identityFile);
  let deceived = false;
  const ready = new Promise<void>((resolve, reject) => {
    client.once('ready', resolve);
    client.once('error', (error) => reject(deceived ? wrongHost() : failed(error)));
    client.once('close', () => reject(failed(new Error('the connection was closed'))));
  });
  client.connect({
    sock: login.tunnel,
    username: login.user,
    readyTimeout: READY_MS,
    ...authentication,
    hostVerifier: (key: Buffer) => {
      deceived = !key.equals(pinned);
      return !deceived;
    },
  });
  await orAborted(context.signal, ready);
}

/** The work's outcome, or the signal's reason as soon as it aborts. */
function orAborted<T>(signal: AbortSignal, work: Promise<T>): Promise<T> {
  return withDeadline(() => work, undefined, signal);
}

async function keyOf(
  context: Context,
  path: string | undefined,
): Promise<{ privateKey?: string; passphrase?: string; agent?: string }> {
  const socket = context.env['SSH_AUTH_SOCK'];
  const agent = socket ? { agent: socket } : {};
  if (path === undefined) return agent;
  const privateKey = await readFile(path, 'utf8');
  const parsed = ssh2.utils.parseKey(privateKey);
  if (!(parsed instanceof Error)) return { ...agent, privateKey };
  return {
    ...agent,
    privateKey,
    passphrase: await askHidden(context.terminal, `Passphrase of ${path}:`, context.signal),
  };
}

function openChannel(client: Client, command: readonly string[], interactive: boolean): Promise<Watched> {
  const { columns: cols = 80, rows = 24 } = process.stdout;
  const term = process.env['TERM'] ?? 'xterm';
  return new Promise((resolve, reject) => {
    const onChannel = (error: Error | undefined, channel: ClientChannel): void =>
      error ? reject(failed(error)) : resolve(watched(channel));
    const pty = interactive ? { term, cols, rows } : false;
    if (command.length > 0) client.exec(command.join(' '), { pty }, onChannel);
    else client.shell(pty, onChannel);
  });
}

function wrongHost(): CliError {
  return new CliError(
    'HOST_KEY_MISMATCH',
    'The machine that answered has another host key than the one on chain: it is not the machine that you rent. Nothing was sent to it.',
    EXIT.unreachable,
  );
}

function failed(error: Error): CliError {
  return new CliError('SSH_FAILED', `Cannot log in: ${sentenceOf(error)}.`, 255, error);
}
