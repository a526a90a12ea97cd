import { copyFile, mkdtemp, readFile, rename, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ConfigError } from '@hamster/daemon';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { startSpecOf } from '../src/start-spec.ts';

const SOURCE = '0xabcd';
const LONG_AGO = new Date('2026-01-01T00:00:00Z');
/** Files that were written just now are old by this clock. */
const later = () => Date.now() + 60_000;

const OUTLINE = {
  name: 'Recorded',
  id: 'recorded',
  chainType: 'Local',
  properties: { ss58Format: 42, tokenDecimals: 12, tokenSymbol: 'HAM' },
  bootNodes: ['/ip4/127.0.0.1/tcp/30333/p2p/12D3KooWQYV9dGMFoRzNStwpXztXaBUjtPqi6aU76ZgUriHhKust'],
  protocolId: null,
};
const specWith = (slotDuration: number) => ({ ...OUTLINE, genesis: { aura: { slotDuration } } });

describe('the spec of a start', () => {
  let basePath: string;
  let chain: string;
  let record: string;
  beforeEach(async () => {
    basePath = await mkdtemp(join(tmpdir(), 'hamster-spec-'));
    chain = join(basePath, 'spec.json');
    record = join(basePath, 'chain-spec-record.json');
    await write(2000);
  });
  afterEach(() => rm(basePath, { recursive: true, force: true }));

  /** Texts of the same length, and times of the last change to match. */
  async function write(slotDuration: number, path = chain): Promise<void> {
    await writeFile(path, JSON.stringify(specWith(slotDuration)));
    await utimes(path, LONG_AGO, LONG_AGO);
  }

  const startSpec = (now = later, path = chain) =>
    startSpecOf({ chain: path, basePath, blockTimeMs: undefined }, now);

  async function wasRead(now = later, path = chain): Promise<boolean> {
    const { spec } = await startSpec(now, path);
    return !('read' in spec);
  }

  /** Starts with the spec; what is written afterwards is written at another time, as the file system counts it. */
  async function startedOnce(now = later): Promise<void> {
    await (await startSpec(now)).started(SOURCE);
    const scratch = join(basePath, 'scratch');
    const changed = async (path: string) => (await stat(path, { bigint: true })).ctimeNs;
    do await writeFile(scratch, 'x');
    while ((await changed(scratch)) <= (await changed(chain)));
  }

  it('is read whole until a node was started with it', async () => {
    const { spec, slotDuration } = await startSpec();
    expect(spec).toEqual(specWith(2000));
    expect(slotDuration).toBe(2000);
    expect(await wasRead()).toBe(true);
  });

  it('is recognised from then on, with all but the first state, and read when it is asked for', async () => {
    await startedOnce();
    const { spec, slotDuration, started } = await startSpec();
    expect(spec).toEqual({ ...OUTLINE, genesisSource: SOURCE, read: expect.any(Function) as unknown });
    expect(slotDuration).toBe(2000);
    expect('read' in spec && (await spec.read())).toEqual(specWith(2000));
    await started(SOURCE);
    expect(await wasRead()).toBe(false);
  });

  it('is read when it turned out to be another one', async () => {
    await startedOnce();
    await (await startSpec()).started('0xef');
    expect(await wasRead()).toBe(true);
  });

  it('is read when it was edited, to the same length and with its time set back', async () => {
    await startedOnce();
    const before = await stat(chain);
    await write(3000);
    const after = await stat(chain);
    expect([after.size, after.mtimeMs, after.ino]).toEqual([before.size, before.mtimeMs, before.ino]);
    expect((await startSpec()).slotDuration).toBe(3000);
  });

  it('is read when another file has taken its place, as long and as old', async () => {
    await startedOnce();
    const other = join(basePath, 'other.json');
    await write(4000, other);
    await rename(other, chain);
    expect((await startSpec()).slotDuration).toBe(4000);
  });

  it('is read when it was only touched, and where it is under another path', async () => {
    await startedOnce();
    const copy = join(basePath, 'copy.json');
    await copyFile(chain, copy);
    expect(await wasRead(later, copy)).toBe(true);
    expect(await wasRead()).toBe(false);
    await utimes(chain, LONG_AGO, LONG_AGO);
    expect(await wasRead()).toBe(true);
  });

  it('is read when the record is damaged, or of another shape', async () => {
    await startedOnce();
    const whole = await readFile(record, 'utf8');
    for (const text of [whole.slice(0, 100), '', '[]', whole.replace('"slotDuration"', '"blockTime"')]) {
      await writeFile(record, text);
      expect(await wasRead()).toBe(true);
    }
    await writeFile(record, whole);
    expect(await wasRead()).toBe(false);
  });

  it('is not recognised by a time that a later change may share', async () => {
    const { ctimeMs } = await stat(chain);
    await startedOnce(() => ctimeMs + 50);
    expect(await wasRead()).toBe(true);
  });

  it('that is gone, or broken now, is told of though it was recognised before', async () => {
    await startedOnce();
    await writeFile(chain, '{}');
    await expect(startSpec()).rejects.toThrow(ConfigError);
    await rm(chain);
    await expect(startSpec()).rejects.toThrow('neither dev nor local nor a file that exists');
  });
});
