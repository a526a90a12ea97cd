import { runningDaemon } from '@hamster/daemon-api';
import { eventually, Renter, runApp, throwAwayNetwork } from '@hamster/testing';
import { join } from 'node:path';
import { expect, it } from 'vitest';

const RENT = ['rent', '--cores', '1', '--memory', '256M', '--disk', '1G', '--hours', '20', '--yes'];
const PATIENCE_MS = 120_000;

it(
  "an operator's word holds over a kill, and is carried out without a daemon, too",
  { timeout: 300_000 },
  async () => {
    await using network = await throwAwayNetwork({ driver: 'process', images: [] });
    const home = join(network.options.directory, 'provider');
    const provider = (...args: string[]) =>
      runApp(
        'provider',
        ['--home', home, '--chain', network.rpcUrl, '--dev-account', 'bob', '--driver', 'process', ...args],
        {
          signal: AbortSignal.timeout(PATIENCE_MS),
        },
      );
    const renter = new Renter({ network, account: 'alice' });
    const machine = async () => (await network.chain.resources())[0];

    expect(await renter.hamster(RENT, PATIENCE_MS)).toMatchObject({ exitCode: 0 });
    expect(await provider('price', '--core', '0.5')).toMatchObject({ exitCode: 0 });
    expect(await provider('drain')).toMatchObject({ exitCode: 0, stdout: expect.stringContaining('1 now') });
    expect((await renter.hamster(RENT)).stderr).toContain('is draining');
    const sick = await provider('doctor');
    expect(sick).toMatchObject({ exitCode: 1, stdout: expect.stringMatching(/^STOPS {2}status:.*undrain/m) });

    const killed = network.part('provider');
    killed.kill('SIGKILL');
    await killed.exited;
    const away = await provider('doctor');
    expect(away).toMatchObject({ exitCode: 1, stdout: expect.stringMatching(/^STOPS {2}daemon:/m) });
    expect(await provider('price', '--memory', '0.25')).toMatchObject({ exitCode: 0 });

    await network.startProvider(AbortSignal.timeout(PATIENCE_MS));
    expect(await machine()).toMatchObject({
      status: 'Draining',
      liveLeases: 1,
      prices: { cpuCoreHour: 500_000_000_000n, memoryGibHour: 250_000_000_000n },
    });
    const daemon = await runningDaemon(home);
    await eventually(async () => {
      expect(await daemon?.ask('GET', '/machines')).toMatchObject({
        machines: [{ lease: '1', running: true }],
      });
    }, PATIENCE_MS);
    expect((await renter.inMachine(1, 'echo here')).stdout).toContain('here');
    expect(await provider('undrain')).toMatchObject({ exitCode: 0 });
    expect(await machine()).toMatchObject({ status: 'Online' });
  },
);
