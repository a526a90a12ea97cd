import { connect } from 'node:net';
import type { Socket } from 'node:net';
import type { ServerChannel } from 'ssh2';
import { allListeners, socketsOf } from '../../host/listeners.ts';
import type { Listener } from '../../host/listeners.ts';
import type { MachineLayout } from '../layout.ts';
import { machineProcesses } from '../sweep.ts';

const CONNECT_MS = 10_000;
const LOOPBACK = /^(localhost|127(\.\d{1,3}){3}|::1)$/;
const ANY_V4 = '0.0.0.0';
const ANY_V6 = /^[0:]*$/;
const V6_LOOPBACK = /^[0:]*:0*1$/;

/** What a client of this machine wants to be joined with. */
export type ForwardRequest = { destIP: string; destPort: number };

/**
 * Joins a forwarded connection with what listens on that port, if that is a program of this very machine, on loopback. It has the
 * network of the host, where other programs listen, too: those are none of the renter's business, though nothing else keeps him from them.
 */
export async function serveForward(
  layout: MachineLayout,
  request: ForwardRequest,
  { accept, reject }: { accept: () => ServerChannel; reject: () => void },
): Promise<void> {
  try {
    const target = await ownTarget(layout, request);
    if (target === undefined) return reject();
    const socket = await connected(target, request.destPort);
    join(accept(), socket);
  } catch {
    reject();
  }
}

/** The address at which a program of the machine itself listens on that port; undefined when none does. */
async function ownTarget(
  layout: MachineLayout,
  { destIP, destPort }: ForwardRequest,
): Promise<string | undefined> {
  if (!LOOPBACK.test(destIP)) return undefined;
  const listening = (await allListeners()).filter(({ port }) => port === destPort);
  if (listening.length === 0) return undefined;
  const own = await socketsOf(await machineProcesses(layout));
  const reachable = listening.filter(({ inode }) => own.has(inode)).flatMap(loopbackOf);
  return reachable.find((address) => address === destIP) ?? reachable[0];
}

/** Where on loopback exactly that socket is reached, and no other. */
function loopbackOf({ address, family }: Listener): string[] {
  if (family === 4) return address === ANY_V4 ? ['127.0.0.1'] : address.startsWith('127.') ? [address] : [];
  return ANY_V6.test(address) || V6_LOOPBACK.test(address) ? ['::1'] : [];
}

function connected(host: string, port: number): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const socket = connect({ host, port, allowHalfOpen: true, signal: AbortSignal.timeout(CONNECT_MS) });
    socket.once('error', reject);
    socket.once('connect', () => {
      socket.removeListener('error', reject);
      resolve(socket);
    });
  });
}

function join(channel: ServerChannel, socket: Socket): void {
  channel.on('error', () => undefined).once('close', () => socket.destroy());
  socket.on('error', () => undefined).once('close', () => channel.close());
  channel.pipe(socket);
  socket.pipe(channel);
}
