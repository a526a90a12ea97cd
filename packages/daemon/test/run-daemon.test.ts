import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { afterEach, describe, expect, it } from 'vitest';

const FIXTURE = fileURLToPath(new URL('./fixtures/daemon.ts', import.meta.url));

describe('runDaemon, as a real process', () => {
  const children: ChildProcess[] = [];
  afterEach(() => children.splice(0).forEach((child) => child.kill('SIGKILL')));

  function run(args: string[], env: Record<string, string> = {}) {
    const child = spawn(process.execPath, [FIXTURE, ...args], {
      env: { PATH: process.env['PATH'] ?? '', ...env },
    });
    children.push(child);
    let output = '';
    const watchers = new Set<() => void>();
    for (const stream of [child.stdout, child.stderr]) {
      stream.on('data', (chunk: Buffer) => {
        output += chunk.toString();
        watchers.forEach((watch) => watch());
      });
    }
    const says = (text: string): Promise<void> =>
      new Promise((resolve) => {
        const check = (): void => {
          if (!output.includes(text)) return;
          watchers.delete(check);
          resolve();
        };
        watchers.add(check);
        check();
      });
    const ended = once(child, 'close').then(([code]) => ({ code: code as number | null, output }));
    return { child, says, ended };
  }

  it('stops its services in reverse on a signal and exits with 0', async () => {
    const { child, says, ended } = run([]);
    await says('ready');
    child.kill('SIGTERM');
    const { code, output } = await ended;
    expect(code).toBe(0);
    expect(output.indexOf('stopped service=second')).toBeGreaterThan(0);
    expect(output.indexOf('stopped service=first')).toBeGreaterThan(output.indexOf('stopped service=second'));
  });

  it('lesson 18: takes settings from the environment and hides secrets in its log', async () => {
    const { child, says, ended } = run(['--log-json'], {
      HAMSTER_FIXTURE_PORT: '4111',
      HAMSTER_PORT: '4222',
    });
    await says('ready');
    child.kill('SIGINT');
    const { output } = await ended;
    const configured = output
      .split('\n')
      .filter(Boolean)
      .map((line) => JSON.parse(line) as Record<string, unknown>)
      .find(({ msg }) => msg === 'configured');
    expect(configured).toMatchObject({ port: 4111, passphrase: '(hidden)' });
  });

  it('undoes a start that fails, and exits with 1', async () => {
    const { code, output } = await run(['--mode', 'fail', '--port', '5']).ended;
    expect(code).toBe(1);
    expect(output).toContain('second did not start: port 5 is taken');
    expect(output).toContain('stopped service=first');
  });

  it('goes down loudly when an essential service dies', async () => {
    const { code, output } = await run(['--mode', 'die']).ended;
    expect(code).toBe(1);
    expect(output).toContain('second died: the link broke');
    expect(output).toContain('stopped service=first');
  });

  it('goes down loudly when a promise is left alone', async () => {
    const { code, output } = await run(['--mode', 'reject']).ended;
    expect(code).toBe(1);
    expect(output).toContain('nobody listens');
  });

  it('is forced down by a second signal', async () => {
    const { child, says, ended } = run(['--mode', 'hang']);
    await says('ready');
    child.kill('SIGINT');
    await says('asked to stop');
    child.kill('SIGINT');
    expect((await ended).code).toBe(130);
  });

  it('explains a wrong value and exits with 2', async () => {
    const { code, output } = await run(['--port', '70000', '--mode', 'dance']).ended;
    expect(code).toBe(2);
    expect(output).toContain('--port is 70000 (flag --port), but must be a whole number from 1 to 65535.');
    expect(output).toContain(
      '--mode is "dance" (flag --mode), but must be one of serve, fail, die, hang, reject.',
    );
  });

  it('exits with 2 for an unknown flag and 0 for help', async () => {
    expect((await run(['--prot', '1']).ended).code).toBe(2);
    const help = await run(['--help']).ended;
    expect(help.code).toBe(0);
    expect(help.output).toContain('--port <number>');
    expect(help.output).toContain('Port to listen on (default 4000)');
  });

  it('exits with 2 for an unknown command, and for an unknown flag of a known one', async () => {
    const unknown = await run(['frobnicate']).ended;
    expect(unknown.code).toBe(2);
    expect(unknown.output).toContain("unknown command 'frobnicate'");
    expect(unknown.output).toContain('Run with --help');
    const flag = await run(['keys', 'show', '--rw']).ended;
    expect(flag.code).toBe(2);
    expect(flag.output).toContain("unknown option '--rw'");
    expect(flag.output).toContain('Run with --help');
  });
});
