import { spawn } from 'node:child_process';
import { createServer, type AddressInfo } from 'node:net';
import { join } from 'node:path';

const START_MS = 60_000;

export interface Sidecar {
  get<T>(path: string): Promise<T>;
  post<T>(path: string, body: object): Promise<T>;
  stop(): Promise<void>;
}

/** Starts it on a free port and waits until it answers. */
export async function startSidecar(folder: string, nodeUrl: string): Promise<Sidecar> {
  const port = await freePort();
  const main = join(folder, 'node_modules/@substrate/api-sidecar/build/src/main.js');
  const env = {
    ...process.env,
    SAS_SUBSTRATE_URL: nodeUrl,
    SAS_EXPRESS_BIND_HOST: '127.0.0.1',
    SAS_EXPRESS_PORT: String(port),
    // Longer than a signature takes on a busy machine: a connection that is about to be used again is not to be closed.
    SAS_EXPRESS_KEEP_ALIVE_TIMEOUT: '120000',
    // Under "test", which the test runner sets, it logs nothing, and could not tell that it listens.
    NODE_ENV: 'production',
  };
  const child = spawn(process.execPath, [main], { env, stdio: ['ignore', 'pipe', 'pipe'] });
  const exited = new Promise<void>((resolve) => void child.once('exit', () => resolve()));
  const told: string[] = [];
  await new Promise<void>((resolve, reject) => {
    const late = setTimeout(() => {
      child.kill('SIGKILL');
      reject(new Error(`api-sidecar does not listen:\n${told.join('')}`));
    }, START_MS);
    const hear = (data: Buffer): void => {
      told.push(data.toString('utf8'));
      if (!told.join('').includes('Listening on')) return;
      clearTimeout(late);
      resolve();
    };
    child.stdout.on('data', hear);
    child.stderr.on('data', hear);
    child.once('exit', () => reject(new Error(`api-sidecar ended:\n${told.join('')}`)));
  });
  const url = (path: string): string => `http://127.0.0.1:${port}${path}`;
  return {
    get: async (path) => answerOf(await fetch(url(path))),
    post: async (path, body) => {
      const headers = { 'content-type': 'application/json' };
      return answerOf(await fetch(url(path), { method: 'POST', headers, body: JSON.stringify(body) }));
    },
    stop: async () => {
      child.kill('SIGKILL');
      await exited;
    },
  };
}

async function answerOf<T>(response: Response): Promise<T> {
  if (!response.ok) throw new Error(`${response.url} answered ${response.status}: ${await response.text()}`);
  return (await response.json()) as T;
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address() as AddressInfo;
      server.close(() => resolve(port));
    });
  });
}
