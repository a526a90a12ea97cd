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

/** An address on loopback, and the sockets that may take a connection to it. */
type Target = { address: string; port: number; inodes: readonly string[] };

/**
 * Joins a forwarded connection with what listens on that port, if that is a program of this very machine, on loopback. It has the
 * network of the host, where other programs listen, too: those are none of the renter's business, though nothing else keeps him from them.
 * It is looked at once more when the connection stands, before a byte goes through it: a port may have changed hands meanwhile.
 */
export async function serveForward(
  layout: MachineLayout,
  request: ForwardRequest,
  { accept, reject }: { accept: () => ServerChannel; reject: () => void },
): Promise<void> {
  try {
    for (const target of await ownTargets(layout, request)) {
      const socket = await connectWithin(target.address, target.port, CONNECT_MS).catch(() => undefined);
      if (socket && (await isStill(target))) return join(accept(), socket);
      socket?.destroy();
    }
    reject();
  } catch {
    reject();
  }
}

/** Where programs of the machine itself listen on that port, and nobody else; what was asked for comes first. */
async function ownTargets(
  layout: MachineLayout,
  { destIP, destPort: port }: ForwardRequest,
): Promise<Target[]> {
  if (!LOOPBACK.test(destIP)) return [];
  const listening = await listenersOn(port);
  if (listening.length === 0) return [];
  const own = await socketsOf(await machineProcesses(layout));
  const targets = listening
    .filter(({ inode }) => own.has(inode))
    .flatMap(loopbackOf)
    .map((address) => ({ address, port, inodes: answering(listening, address) }))
    .filter(({ inodes }) => inodes.every((inode) => own.has(inode)));
  const asked = ({ address }: Target): number => (address === destIP ? 0 : 1);
  return targets.sort((one, other) => asked(one) - asked(other));
}

/** Whether what listened there when it was chosen is all that listens there now. */
async function isStill({ address, port, inodes }: Target): Promise<boolean> {
  const now = answering(await listenersOn(port), address);
  return now.length > 0 && now.every((inode) => inodes.includes(inode));
}

async function listenersOn(port: number): Promise<Listener[]> {
  return (await allListeners()).filter((listener) => listener.port === port);
}

function answering(listeners: readonly Listener[], address: string): string[] {
  return listeners.filter((listener) => mayAnswer(listener, address)).map(({ inode }) => inode);
}

/** With SO_REUSEPORT several programs listen at one address, or one at all and another at one of them: who answers, the kernel says. */
function mayAnswer(listener: Listener, address: string): boolean {
  const all = ANY_V6.test(listener.address) || (listener.address === ANY_V4 && !address.includes(':'));
  return all || loopbackOf(listener).includes(address);
}

/** Where on loopback that socket is reached: one of IPv6 at all addresses mostly by IPv4, too, and only so where IPv6 is switched off. */
function loopbackOf({ address, family }: Listener): string[] {
  if (family === 4) return address === ANY_V4 ? ['127.0.0.1'] : address.startsWith('127.') ? [address] : [];
  if (ANY_V6.test(address)) return ['::1', '127.0.0.1'];
  return V6_LOOPBACK.test(address) ? ['::1'] : [];
}

/**
 * Resolves with a socket that is paused. The time is for the connecting alone: a signal among the options of `connect` would end what is
 * connected, too.
 */
export function connectWithin(host: string, port: number, ms: number): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const socket = connect({ host, port, allowHalfOpen: true });
    // What comes before somebody reads stays with the kernel: a reset throws away what Node keeps.
    socket.pause();
    const late = setTimeout(() => socket.destroy(new Error(`${host}:${port} did not answer`)), ms);
    const failed = (error: Error): void => {
      clearTimeout(late);
      reject(error);
    };
    socket.once('error', failed);
    socket.once('connect', () => {
      clearTimeout(late);
      // Somebody else is told of what happens from now on; until he listens, the end is all there is to know.
      socket.removeListener('error', failed).on('error', () => undefined);
      resolve(socket);
    });
  });
}

/**
 * Each direction ends by itself, as with TCP: who has said all may still be answered. So the end of ours is told as such, since ssh2
 * takes the `end` of a server's channel for the end of both, and the channel is closed only when all that came has gone to the client.
 */
function join(channel: ServerChannel, socket: Socket): void {
  channel.on('error', () => undefined);
  socket.pipe(channel, { end: false });
  // What was said at once is read before anything is written: to write to who has closed means a reset, and that the end of all reading.
  setImmediate(() => channel.pipe(socket));
  // What came waits for the client's window, and the end for that. A reset has no end of its own.
  const said = new Promise<void>((resolve) => {
    const all = (): void => void channel.write('', () => resolve());
    socket.once('end', all).once('close', () => socket.readableEnded || all());
  }).then(() => channel.eof());
  socket.once('close', () => {
    // Nobody takes what the client still says, and without that its channel would never be seen to close.
    channel.resume();
    void said.then(() => channel.close());
  });
  channel.once('close', () => socket.destroySoon());
}
