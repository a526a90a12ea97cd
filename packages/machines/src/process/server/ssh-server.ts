import type { AddressInfo } from 'node:net';
import ssh2 from 'ssh2';
import type { Connection, Server } from 'ssh2';
import { hasErrnoCode } from '../../host/files.ts';
import type { MachineLayout } from '../layout.ts';
import { keyAuthenticator } from './auth.ts';
import type { KeySource } from './auth.ts';
import { serveForward } from './forward.ts';
import { serveSession } from './session.ts';

const MAX_CONNECTIONS = 64;
const MAX_SESSIONS = 10;
const MAX_FORWARDS = 64;
const LOGIN_LIMIT_MS = 30_000;

export type SshServerOptions = {
  layout: MachineLayout;
  hostKey: string;
  keys: KeySource;
  port: number;
};

/**
 * Listens on loopback, on `port` if that is free. Sessions are served, and connections to what the machine's own programs listen on. No
 * ports of the host, agents or X11 are ever forwarded, since nobody listens for those requests.
 */
export async function listenSsh(options: SshServerOptions): Promise<{ server: Server; port: number }> {
  const server = new ssh2.Server(
    {
      hostKeys: [options.hostKey],
      ident: 'hamster-process-machine',
      keepaliveInterval: 30_000,
      keepaliveCountMax: 4,
    },
    (connection) => serveConnection(connection, options),
  );
  server.maxConnections = MAX_CONNECTIONS;
  await listen(server, options.port).catch((error: unknown) => {
    if (!hasErrnoCode(error, 'EADDRINUSE')) throw error;
    return listen(server, 0);
  });
  server.on('error', () => undefined);
  return { server, port: (server.address() as AddressInfo).port };
}

function serveConnection(connection: Connection, { layout, keys }: SshServerOptions): void {
  const giveUp = (): void => void connection.end();
  const login = setTimeout(giveUp, LOGIN_LIMIT_MS);
  let sessions = 0;
  connection.on('authentication', keyAuthenticator(keys, giveUp));
  connection.once('ready', () => clearTimeout(login));
  connection.once('close', () => clearTimeout(login));
  connection.on('error', () => undefined);
  connection.on('session', (accept, reject) => {
    if (sessions >= MAX_SESSIONS) return void reject();
    sessions += 1;
    const session = accept();
    session.once('close', () => (sessions -= 1));
    serveSession(session, layout);
  });
  let forwards = 0;
  connection.on('tcpip', (accept, reject, info) => {
    if (forwards >= MAX_FORWARDS) return void reject();
    forwards += 1;
    const over = (): void => void (forwards -= 1);
    void serveForward(layout, info, {
      accept: () => accept().once('close', over),
      reject: () => {
        over();
        reject();
      },
    });
  });
}

function listen(server: Server, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    const failed = (error: Error): void => reject(error);
    server.once('error', failed);
    server.listen(port, '127.0.0.1', () => {
      server.removeListener('error', failed);
      resolve();
    });
  });
}
