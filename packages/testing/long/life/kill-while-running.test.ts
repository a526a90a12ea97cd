import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { outputOf, smallMachine } from '../../e2e/support.ts';
import { eventually, Renter, throwAwayNetwork, type LocalNetwork } from '../../src/index.ts';
import { disksOf, hostHas, machinesFolder } from './host.ts';
import { diesAt, type Moment } from './moment.ts';

const STOP: Moment = { call: 'rename', when: 'after', about: 'machines/1/machine\\.json$' };
const REINSTALL: Moment = { call: 'rename', when: 'after', about: 'machines/1/discarded$' };
const RESIZE: Moment = { call: 'rename', when: 'after', about: 'choices\\.json$' };
const END_SEEN: Moment = { call: 'rm', when: 'before', about: 'machines/1/home$' };
const WIPING: Moment = { call: 'rm', when: 'after', about: 'machines/2/home$' };

describe('a provider that is killed in the middle of what a renter wants', () => {
  let network: LocalNetwork & AsyncDisposable;
  let renter: Renter;
  const patience = () => AbortSignal.timeout(180_000);
  const hamster = (...args: string[]) => renter.hamster(args, 240_000);
  const died = async () => expect(await network.part('provider').exited).toMatchObject({ signal: 'SIGKILL' });
  const start = (next?: Moment) => network.startProvider(patience(), [], next && diesAt(next));
  const statusOf = async (): Promise<{ state: string; size: object; leased: object }> =>
    JSON.parse(outputOf(await hamster('status', '1', '--json'))) as never;

  /** Has the renter say something in the middle of which the provider dies; how the renter hears of it. */
  async function interrupted(...args: string[]): Promise<string> {
    const saying = hamster(...args);
    await died();
    const { code, stderr } = await saying;
    expect(code).not.toBe(0);
    return stderr;
  }

  const isReportedAfter = (since: number): Promise<number> =>
    eventually(
      network.chain,
      async () => {
        const lease = await network.chain.lease(1);
        return (lease?.lastHeartbeat ?? 0) > since ? lease?.lastHeartbeat : undefined;
      },
      { what: 'the lease is reported', signal: patience() },
    );

  beforeAll(async () => {
    network = await throwAwayNetwork({
      ...{ driver: 'process', images: ['process'], providerFlags: ['--offer-cores', '2'] },
    });
    renter = new Renter({ network, account: 'alice' });
    outputOf(await hamster('rent', ...smallMachine(3)));
    outputOf(await renter.inMachine(1, 'echo precious > data'));
    outputOf(await hamster('resize', '1', '--memory', '128M', '--yes'));
    await network.part('provider').stop();
    await start(STOP);
  }, 600_000);
  afterAll(() => network[Symbol.asyncDispose](), 180_000);

  it('a stop: the renter hears that it broke, the machine is there once, and a start brings the data back', async () => {
    expect(await interrupted('stop', '1')).not.toContain('undefined');
    await start(RESIZE);
    await hostHas(network, ['1'], patience());
    outputOf(await hamster('start', '1'));
    expect(outputOf(await renter.inMachine(1, 'cat data')).trim()).toBe('precious');
  }, 600_000);

  it('a resize: the machine is whole, and counts as the renter chose it, in whichever size it was left', async () => {
    await interrupted('resize', '1', '--memory', '256M', '--yes');
    const before = (await network.chain.lease(1))?.lastHeartbeat ?? 0;
    await start(REINSTALL);
    expect(await statusOf()).toMatchObject({ size: { memoryMib: 128 }, leased: { memoryMib: 256 } });
    await isReportedAfter(before);
    outputOf(await hamster('resize', '1', '--memory', '256M', '--yes'));
    expect(outputOf(await renter.inMachine(1, 'cat data')).trim()).toBe('precious');
  }, 600_000);

  it('a reinstallation: the machine is new, runs, and nothing is left of the old one', async () => {
    await interrupted('reinstall', '1', '--image', 'process', '--yes');
    await start(END_SEEN);
    await hostHas(network, ['1'], patience());
    expect(outputOf(await renter.inMachine(1, 'cat data 2>/dev/null || echo gone')).trim()).toBe('gone');
    const root = join(machinesFolder(network), '1');
    await expect(readFile(join(root, 'discarded/data'))).rejects.toMatchObject({ code: 'ENOENT' });
  }, 600_000);

  it('the end: what it saw to be over is destroyed by the next one, which keeps the other lease', async () => {
    outputOf(await hamster('rent', ...smallMachine(3)));
    outputOf(await renter.inMachine(2, 'echo precious > data'));
    outputOf(await hamster('terminate', '1', '--yes'));
    await died();
    expect(await disksOf(network)).toEqual(['1', '2']);
    await start(WIPING);
    await hostHas(network, ['2'], patience());
    expect(outputOf(await renter.inMachine(2, 'cat data')).trim()).toBe('precious');
  }, 600_000);

  it('wiping: a disk of which half is gone is finished off by the next one', async () => {
    outputOf(await hamster('terminate', '2', '--yes'));
    await died();
    expect(await disksOf(network)).toEqual(['2']);
    await start();
    await hostHas(network, [], patience());
  }, 600_000);
});
