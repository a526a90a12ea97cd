import { once } from 'node:events';
import { chmod, rm } from 'node:fs/promises';
import { connect, createServer, type Server, type Socket } from 'node:net';
import { join } from 'node:path';
import type { Duplex } from 'node:stream';
import { makePrivateDirectory, sentenceOf, Type, type Static } from '@hamster/daemon';
import { Value } from 'typebox/value';
import { CliError } from '../cli/errors.ts';
import type { SessionPlace } from '../access/session.ts';
import { readLine } from './read-line.ts';

/** The first line that a command sends; after the daemon's "ok" the socket is a stream to the machine. */
const Request = Type.Object({
  chain: Type.String(),
  account: Type.String(),
  lease: Type.Integer({ minimum: 1 }),
  port: Type.Integer({ minimum: 1, maximum: 65_535 }),
});
export type DoorRequest = Static<typeof Request>;

const Answer = Type.Union([
  Type.Object({ ok: Type.Literal(true) }),
  Type.Object({ ok: Type.Literal(false), code: Type.String(), message: Type.String() }),
]);

const CONNECTIONS = 256;
const LINE_MS = 5000;
/** A machine behind a slow gateway takes seconds; then the command tries by itself. */
const ANSWER_MS = 30_000;

export interface Door {
  close(): Promise<void>;
}

export interface DoorOptions {
  readonly place: SessionPlace;
  tunnel(lease: number, port: number, signal: AbortSignal): Promise<Duplex>;
}

/**
 * A socket in the daemon's private directory: who can open it owns the account's files anyway. Commands of the same account get streams to machines
 * over the daemon's connections. Throws CliError DAEMON_RUNS.
 */
export async function openDoor({ place, tunnel }: DoorOptions): Promise<Door> {
  const path = doorPath(place.home);
  await makePrivateDirectory(directoryOf(place.home));
  if (await answers(path)) {
    throw new CliError('DAEMON_RUNS', `A daemon runs already; it serves ${path}. Stop that one first.`);
  }
  await rm(path, { force: true });
  const ending = new AbortController();
  const server = createServer({ allowHalfOpen: true, pauseOnConnect: true }, (socket) => {
    socket.on('error', () => socket.destroy());
    ending.signal.addEventListener('abort', () => socket.destroy(), { once: true });
    void serve(socket, place, tunnel);
  });
  server.maxConnections = CONNECTIONS;
  server.listen(path);
  await once(server, 'listening');
  await chmod(path, 0o600);
  return { close: () => closeDoor(server, ending) };
}

async function closeDoor(server: Server, ending: AbortController): Promise<void> {
  ending.abort();
  server.close();
  await once(server, 'close');
}

async function serve(socket: Socket, place: SessionPlace, tunnel: DoorOptions['tunnel']): Promise<void> {
  const gone = new AbortController();
  socket.once('close', () => gone.abort());
  try {
    const request = parse(await readLine(socket, LINE_MS));
    ensureSame(request, place);
    const stream = await tunnel(request.lease, request.port, gone.signal);
    stream.on('error', () => socket.destroy());
    if (gone.signal.aborted) stream.destroy();
    socket.once('close', () => stream.destroy());
    socket.write(`${JSON.stringify({ ok: true })}\n`);
    stream.pipe(socket);
    socket.pipe(stream);
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : 'FAILED';
    socket.end(`${JSON.stringify({ ok: false, code, message: sentenceOf(error) })}\n`);
  }
}

function parse(line: string): DoorRequest {
  const value: unknown = JSON.parse(line);
  if (Value.Check(Request, value)) return value;
  throw new CliError('REQUEST_MALFORMED', 'This is no request for a tunnel.');
}

function ensureSame({ chain, account }: DoorRequest, place: SessionPlace): void {
  if (chain === place.chain && account === place.account) return;
  throw new CliError('OTHER_ACCOUNT', 'The daemon serves another account, or another chain.');
}

/**
 * A stream to a machine over the connection of the daemon that runs with this home, for the same account and chain; undefined when there is none, or it
 * cannot help, so that the caller finds its own way.
 */
export async function throughDaemon(
  { home, chain, account }: SessionPlace,
  lease: number,
  port: number,
): Promise<Duplex | undefined> {
  const socket = connect({ path: doorPath(home), allowHalfOpen: true });
  socket.on('error', () => socket.destroy());
  try {
    await once(socket, 'connect');
    socket.write(`${JSON.stringify({ chain, account, lease, port } satisfies DoorRequest)}\n`);
    const answer: unknown = JSON.parse(await readLine(socket, ANSWER_MS));
    if (Value.Check(Answer, answer) && answer.ok) return socket;
  } catch {
    // There is no daemon, or it went away: the caller does without.
  }
  socket.destroy();
  return undefined;
}

async function answers(path: string): Promise<boolean> {
  const socket = connect(path);
  try {
    await once(socket, 'connect');
    return true;
  } catch {
    return false;
  } finally {
    socket.destroy();
  }
}

export function directoryOf(home: string): string {
  return join(home, 'daemon');
}

function doorPath(home: string): string {
  return join(directoryOf(home), 'door');
}
