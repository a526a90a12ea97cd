import ssh2 from 'ssh2';
import type { ConnectConfig } from 'ssh2';
import type { Endpoint } from '../driver.ts';

export type LoginResult = { code: number | undefined; stdout: string; stderr: string };

export type Login = { endpoint: Endpoint; command: string; stdin?: string } & (
  { privateKey: string } | { password: string }
);

/** Logs in as a renter would, runs one command, and resolves with what it printed. */
export function login(options: Login, timeoutMs = 60_000): Promise<LoginResult> {
  const { endpoint, command, stdin } = options;
  const secret = 'password' in options ? { password: options.password } : { privateKey: options.privateKey };
  const config: ConnectConfig = {
    host: endpoint.host,
    port: endpoint.port,
    username: endpoint.user,
    readyTimeout: timeoutMs,
    ...secret,
  };
  return new Promise((resolve, reject) => {
    const client = new ssh2.Client();
    client.on('error', reject);
    // A machine that goes down may end the connection without another word.
    client.once('close', () => reject(new Error(`the connection ended before "${command}" did`)));
    client.once('ready', () => {
      client.exec(command, (error, channel) => {
        if (error) return reject(error);
        const result: LoginResult = { code: undefined, stdout: '', stderr: '' };
        channel.on('data', (chunk: Buffer) => (result.stdout += chunk.toString()));
        channel.stderr.on('data', (chunk: Buffer) => (result.stderr += chunk.toString()));
        channel.once('exit', (code: number) => (result.code = code));
        channel.once('close', () => {
          client.end();
          resolve(result);
        });
        channel.end(stdin ?? '');
      });
    });
    client.connect(config);
  });
}
