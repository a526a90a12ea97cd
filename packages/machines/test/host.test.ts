import { describe, expect, it } from 'vitest';
import { parseCpuList } from '../src/host/host-resources.ts';
import { KeyedLock } from '../src/host/keyed-lock.ts';
import { pollUntil } from '../src/host/poll.ts';
import { processInfo, withDescendants } from '../src/host/process-table.ts';
import { runCommand } from '../src/host/run-command.ts';

describe('runCommand', () => {
  it('gives the output', async () => {
    expect(await runCommand('sh', ['-c', 'echo out; echo err >&2'])).toBe('out\n');
  });

  it('tells the exit status and the last words', async () => {
    await expect(runCommand('sh', ['-c', 'echo why >&2; exit 3'])).rejects.toMatchObject({
      code: 'CommandFailed',
      message: 'sh -c: exit status 3: why',
    });
  });

  it('tells that the program is missing', async () => {
    await expect(runCommand('no-such-program', [])).rejects.toMatchObject({ code: 'CommandFailed' });
  });

  it('ends a program that takes too long', async () => {
    await expect(runCommand('sleep', ['100'], { timeoutMs: 20 })).rejects.toThrow(/killed by SIGKILL/);
  });

  it('ends a program when told to, and rejects with the reason', async () => {
    const controller = new AbortController();
    const running = runCommand('sleep', ['100'], { signal: controller.signal });
    controller.abort(new Error('shutting down'));
    await expect(running).rejects.toThrow('shutting down');
  });
});

describe('KeyedLock', () => {
  it('runs tasks of one key one by one, also after a failure, and of others side by side', async () => {
    const lock = new KeyedLock();
    const log: string[] = [];
    const gate = Promise.withResolvers<void>();
    const first = lock.run('a', async () => {
      await gate.promise;
      log.push('a1');
      throw new Error('failed');
    });
    const second = lock.run('a', () => Promise.resolve(log.push('a2')));
    await lock.run('b', () => Promise.resolve(log.push('b')));
    gate.resolve();
    await expect(first).rejects.toThrow('failed');
    await second;
    expect(log).toEqual(['b', 'a1', 'a2']);
  });
});

describe('pollUntil', () => {
  it('asks until there is a value', async () => {
    let asked = 0;
    const probe = (): Promise<number | undefined> => Promise.resolve(++asked === 3 ? asked : undefined);
    const options = { signal: new AbortController().signal, intervalMs: 1 };
    expect(await pollUntil(probe, options)).toBe(3);
  });

  it('gives up with the signal', async () => {
    const options = { signal: AbortSignal.timeout(5), intervalMs: 1 };
    await expect(pollUntil(() => Promise.resolve(undefined), options)).rejects.toThrow();
  });
});

describe('the process table', () => {
  it('knows this process', async () => {
    expect(await processInfo(process.pid)).toMatchObject({ pid: process.pid, parent: process.ppid });
    expect(await processInfo(2 ** 30)).toBeUndefined();
  });

  it('finds descendants in whatever order they are listed', () => {
    const info = (pid: number, parent: number) => ({ pid, parent, startTicks: '0', zombie: false });
    const table = [info(4, 3), info(3, 2), info(2, 1), info(9, 8)];
    expect([...withDescendants([2], table)].sort()).toEqual([2, 3, 4]);
  });
});

describe('parseCpuList', () => {
  it('reads ranges and single numbers', () => {
    expect(parseCpuList('0-2,5,8-9')).toEqual([0, 1, 2, 5, 8, 9]);
  });
});
