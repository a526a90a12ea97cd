import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { eventually, Renter, throwAwayNetwork, type LocalNetwork } from '../src/index.ts';
import { outputOf } from '../e2e/support.ts';

describe('the life of a lease, from the command line', () => {
  let network: LocalNetwork & AsyncDisposable;
  let renter: Renter;
  const hamster = async (...args: string[]): Promise<string> =>
    outputOf(await renter.hamster(args, 120_000)).trim();
  const inside = async (command: string): Promise<string> =>
    outputOf(await renter.inMachine(1, command)).trim();

  beforeAll(async () => {
    network = await throwAwayNetwork({ driver: 'process', images: ['process'] });
    renter = new Renter({ network, account: 'alice' });
    const spec = ['--cores', '1', '--memory', '256M', '--disk', '1G', '--image', 'process'];
    await hamster('rent', ...spec, '--hours', '3', '--yes');
    await inside('echo precious > data');
  }, 200_000);
  afterAll(() => network[Symbol.asyncDispose](), 90_000);

  it('stopped, it refuses logins and says what to do, is paid for all the same, and stays stopped', async () => {
    expect(await hamster('stop', '1')).toContain('hamster start 1');
    const login = await renter.inMachine(1, 'cat data');
    expect(login.code).toBe(255);
    expect(login.stderr).toContain('The machine of lease 1 is stopped. Start it with: hamster start 1');
    const reboot = await renter.hamster(['reboot', '1']);
    expect(reboot.code).toBe(5);
    expect(reboot.stderr).toContain('stopped');
    const before = await network.chain.lease(1);
    const paid = await eventually(
      network.chain,
      async () => {
        const lease = await network.chain.lease(1);
        return (lease?.lastHeartbeat ?? 0) > (before?.lastHeartbeat ?? 0) ? lease : undefined;
      },
      { what: 'a heartbeat counted while it was stopped', signal: AbortSignal.timeout(90_000) },
    );
    expect(paid).toMatchObject({ status: 'Active' });
    expect(paid?.paid).toBeGreaterThan(before?.paid ?? 0n);
    expect(JSON.parse(await hamster('status', '1', '--json'))).toMatchObject({ state: 'stopped' });
  }, 240_000);

  it('started, rebooted and reset, it has its data still', async () => {
    expect(await hamster('start', '1')).toContain('runs');
    for (const again of ['reboot', 'reset']) {
      await hamster(again, '1');
      expect(await inside('cat data')).toBe('precious');
    }
  }, 240_000);

  it('has a console, for commands from a pipe too', async () => {
    const { code, stdout } = await renter.hamster(['console', '1'], 60_000, 'echo $((6*7))-here\nexit\n');
    expect(stdout).toContain('42-here');
    expect(code).toBe(0);
  }, 90_000);

  it('tells what it uses', async () => {
    expect(JSON.parse(await hamster('metrics', '1', '--json'))).toMatchObject({
      lease: 1,
      memory: { limitBytes: 256 * 1024 ** 2 },
      disk: { sizeBytes: 1024 ** 3 },
    });
  }, 240_000);

  it('takes another key, and lets it go again', async () => {
    const { keys } = JSON.parse(await hamster('keys', '1', '--json')) as { keys: string[] };
    expect(keys).toHaveLength(1);
    const more = 'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAINdamAGCsQq31Uv+08lkBzoO4XLz2qYjJa8CGmj3B1Ea second';
    expect(await hamster('keys', '1', 'add', more)).toContain('2 keys');
    expect(await hamster('keys', '1')).toContain('second');
    expect(await hamster('keys', '1', 'remove', more)).toContain('One key');
    const last = await renter.hamster(['keys', '1', 'remove', keys[0] ?? '']);
    expect(last.stderr).toContain('only key');
    expect(await inside('cat data')).toBe('precious');
  }, 240_000);

  it('copies files both ways with the scp of the system', async () => {
    const directory = await mkdtemp(join(tmpdir(), 'hamster-scp-'));
    await writeFile(join(directory, 'up'), 'carried');
    await hamster('scp', '-O', join(directory, 'up'), '1:there');
    await hamster('scp', '-O', '1:there', join(directory, 'down'));
    expect(await readFile(join(directory, 'down'), 'utf8')).toBe('carried');
    await rm(directory, { recursive: true });
  }, 240_000);

  it('never becomes larger than what the lease pays for', async () => {
    await hamster('resize', '1', '--memory', '128M', '--yes');
    expect(await hamster('status', '1')).toContain('the lease pays for');
    await hamster('resize', '1', '--memory', '256M', '--yes');
    const larger = await renter.hamster(['resize', '1', '--cores', '2', '--yes']);
    expect(larger.code).toBe(2);
    expect(larger.stderr).toContain('rent another');
  }, 240_000);

  it('asks before it erases anything', async () => {
    const unasked = await renter.hamster(['reinstall', '1', '--image', 'process']);
    expect(unasked.stderr).toContain('lost');
    expect(unasked.code).toBe(2);
    expect(await inside('cat data')).toBe('precious');
  }, 240_000);

  it('reinstalled, it is new: the data is gone, keys and host key are as before', async () => {
    const unknown = await renter.hamster(['reinstall', '1', '--image', 'windows', '--yes']);
    expect(unknown.stderr).toContain('There is no image "windows" here');
    expect(await inside('cat data')).toBe('precious');
    await hamster('reinstall', '1', '--image', 'process', '--yes');
    expect(await inside('cat data 2>/dev/null || echo gone')).toBe('gone');
  }, 180_000);

  it('obeys nobody but its renter', async () => {
    const stranger = new Renter({ network, account: 'eve' });
    const { code, stderr } = await stranger.hamster(['stop', '1']);
    expect(code).toBe(4);
    expect(stderr).toMatch(/lease 1/i);
  }, 240_000);

  it('ended, its open streams end too, and nothing can be asked of it any more', async () => {
    const open = renter.hamster(['ssh', '1', '--', 'touch begun; sleep 600'], 120_000);
    await eventually(
      network.chain,
      async () => ((await inside('ls begun || true')) === '' ? undefined : true),
      { what: 'the long command runs', signal: AbortSignal.timeout(60_000) },
    );
    await hamster('terminate', '1', '--yes');
    expect((await open).code).toBe(255);
    const { code, stderr } = await renter.hamster(['status', '1']);
    expect(code).toBe(4);
    expect(stderr).toContain('ended');
  }, 240_000);
});
