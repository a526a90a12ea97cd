import { once } from 'node:events';
import { duplexPair, type Duplex } from 'node:stream';
import { text } from 'node:stream/consumers';
import { describe, expect, test } from 'vitest';
import { consoleClient, PeerError, type PeerErrorCode } from '../src/index.ts';
import { cleanup } from './support/cleanup.ts';
import { consoleOf7 } from './support/leased.ts';
import { until } from './support/network.ts';

const keep = cleanup();

/** A machine whose consoles, one for each who opens it, are played by the test. */
function machine() {
  const consoles: Duplex[] = [];
  const provided: Duplex[] = [];
  const open = (): Promise<Duplex> => {
    const [ours, theirs] = duplexPair();
    consoles.push(ours);
    provided.push(theirs);
    return Promise.resolve(theirs);
  };
  /** Whether the provider has let go of all the consoles that it opened. */
  const allClosed = () => provided.every(({ destroyed }) => destroyed);
  return { consoles, open, allClosed };
}

describe('a console', () => {
  test('carries bytes both ways, and the last words of a machine that ends it', async () => {
    const { consoles, open } = machine();
    const { route, grant, server } = await consoleOf7(keep, { open });
    const stream = await consoleClient(route).open({ grant: await grant(['console']), lease: 7n });
    const [machineSide] = consoles;
    machineSide?.write('login: ');
    expect(String((await once(stream, 'data'))[0])).toBe('login: ');
    stream.write('root\r');
    expect(String((await once(machineSide ?? stream, 'data'))[0])).toBe('root\r');
    machineSide?.end('Power down.');
    expect(await text(stream)).toBe('Power down.');
    stream.end();
    await until(() => server.counts().size === 0);
  });

  test('is closed at the machine when the renter leaves or vanishes', async () => {
    const { consoles, open, allClosed } = machine();
    const { route, grant, server } = await consoleOf7(keep, { open });
    const good = await grant(['console']);
    const stream = await consoleClient(route).open({ grant: good, lease: 7n });
    stream.destroy();
    await until(() => server.counts().size === 0);
    const second = await consoleClient(route).open({ grant: good, lease: 7n });
    const lost = once(second, 'error');
    await route.host.stop();
    expect(await lost).toMatchObject([{ code: 'CONNECTION_LOST' }]);
    await until(() => server.counts().size === 0);
    expect(consoles).toHaveLength(2);
    expect(allClosed()).toBe(true);
  });

  test('opens for nobody without the permission, of another peer, account or lease', async () => {
    const { consoles, open } = machine();
    const { route, grant, stranger, refused } = await consoleOf7(keep, { open });
    const thief = await stranger();
    const cases: [PeerErrorCode, typeof route, Awaited<ReturnType<typeof grant>>, bigint][] = [
      ['GRANT_NOT_PERMITTED', route, await grant(['tunnel', 'control']), 7n],
      ['GRANT_SIGNATURE', thief, await grant(['console']), 7n],
      ['NOT_RENTER', route, await grant(['console'], { uri: '//Bob' }), 7n],
      ['LEASE_NOT_FOUND', route, await grant(['console'], { lease: 8n }), 8n],
    ];
    for (const [code, from, used, lease] of cases) {
      await expect(consoleClient(from).open({ grant: used, lease })).rejects.toMatchObject({ code });
    }
    expect(refused).toEqual(cases.map(([code]) => code));
    expect(consoles).toEqual([]);
  });

  test('of a machine that is stopped is refused with what to do', async () => {
    const open = () => Promise.reject(new PeerError('MACHINE_STOPPED', 'Start it first'));
    const { route, grant } = await consoleOf7(keep, { open });
    const opening = consoleClient(route).open({ grant: await grant(['console']), lease: 7n });
    await expect(opening).rejects.toMatchObject({ code: 'MACHINE_STOPPED', message: 'Start it first' });
  });

  test('is cut when the lease ends; a lease has so many and no more', async () => {
    const { open, allClosed } = machine();
    const { route, grant, server } = await consoleOf7(keep, { open, limits: { perLease: 1 } });
    const good = await grant(['console']);
    const stream = await consoleClient(route).open({ grant: good, lease: 7n });
    const another = consoleClient(route).open({ grant: good, lease: 7n });
    await expect(another).rejects.toMatchObject({ code: 'TOO_MANY_STREAMS' });
    const cut = once(stream, 'error');
    stream.resume();
    expect(server.closeLease(7n)).toBe(1);
    expect(await cut).toMatchObject([{ code: 'CONNECTION_LOST' }]);
    await until(() => server.counts().size === 0);
    expect(allClosed()).toBe(true);
  });
});
