import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

const MAIN = fileURLToPath(new URL('../../../../apps/node/src/main.ts', import.meta.url));

export interface DevNode {
  readonly url: string;
  readonly port: number;
  stop(): Promise<void>;
}

/** A development chain in a process of its own, gone when it stops unless it has a base path. */
export async function startNode(args: readonly string[] = [], port = 0): Promise<DevNode> {
  const flags = ['--dev', '--log-json', '--rpc-port', String(port), ...args];
  const child = spawn(process.execPath, [MAIN, ...flags], { stdio: ['ignore', 'pipe', 'pipe'] });
  let log = '';
  const listening = new Promise<number>((resolve, reject) => {
    const onData = (chunk: Buffer): void => {
      log += chunk.toString();
      const found = /"port":(\d+)/.exec(log)?.[1];
      if (found !== undefined) resolve(Number(found));
    };
    child.stdout.on('data', onData);
    child.stderr.on('data', onData);
    child.once('exit', (code) => reject(new Error(`The node ended with ${code}: ${log}`)));
  });
  const actual = await listening;
  return {
    url: `ws://127.0.0.1:${actual}`,
    port: actual,
    async stop() {
      if (child.exitCode !== null) return;
      child.kill('SIGTERM');
      await once(child, 'exit');
    },
  };
}
