import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Renter, throwAwayNetwork, type LocalNetwork } from '../src/index.ts';
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

  it('stopped, a machine refuses logins with a sentence that says what to do', async () => {
    expect(await hamster('stop', '1')).toContain('hamster start 1');
    expect(JSON.parse(await hamster('status', '1', '--json'))).toMatchObject({ state: 'stopped' });
    const login = await renter.inMachine(1, 'cat data');
    expect(login.code).toBe(255);
    expect(login.stderr).toContain('The machine of lease 1 is stopped. Start it with: hamster start 1');
  }, 120_000);

  it('started and rebooted, it has its data still', async () => {
    expect(await hamster('start', '1')).toContain('runs');
    expect(await inside('cat data')).toBe('precious');
    await hamster('reboot', '1');
    expect(await inside('cat data')).toBe('precious');
  }, 180_000);

  it('has a console, for commands from a pipe too', async () => {
    const { code, stdout } = await renter.hamster(['console', '1'], 60_000, 'echo $((6*7))-here\nexit\n');
    expect(stdout).toContain('42-here');
    expect(code).toBe(0);
  }, 90_000);

  it('reinstalled, it is new: the data is gone, keys and host key are as before', async () => {
    const unknown = await renter.hamster(['reinstall', '1', '--image', 'windows', '--yes']);
    expect(unknown.stderr).toContain('There is no image "windows" here');
    expect(await inside('cat data')).toBe('precious');
    await hamster('reinstall', '1', '--image', 'process', '--yes');
    expect(await inside('cat data 2>/dev/null || echo gone')).toBe('gone');
  }, 180_000);
});
