import { multiaddr } from '@multiformats/multiaddr';
import { describe, expect, test } from 'vitest';
import {
  CONTROL_PROTOCOL,
  controlClient,
  PeerError,
  type ControlCommand,
  type PeerErrorCode,
} from '../src/index.ts';
import { cleanup } from './support/cleanup.ts';
import { controlOf7 } from './support/leased.ts';
import { until } from './support/network.ts';

const keep = cleanup();
const SIZE = { cpuCores: 1, memoryMib: 512, diskGib: 2 };
const STATUS = { state: 'running' as const, image: 'tiny', size: SIZE, leased: SIZE };

/** A provider that answers each command at once, and writes it down. */
function obedient() {
  const done: ControlCommand[] = [];
  const run = (command: ControlCommand) => {
    done.push(command);
    return Promise.resolve(command.name === 'status' ? STATUS : {});
  };
  return { done, run };
}

const connectionOf = ({ client, route }: Awaited<ReturnType<typeof controlOf7>>) =>
  client.libp2p.dial((route.provider.direct ?? []).map((text) => multiaddr(text)));

describe('a renter', () => {
  test('asks for what the machine is to do, and hears when it is done', async () => {
    const { done, run } = obedient();
    const { route, grant } = await controlOf7(keep, { run });
    const client = controlClient(route);
    const good = await grant(['control']);
    const ask = <C extends ControlCommand>(command: C) => client.ask({ grant: good, lease: 7n, command });
    expect(await ask({ name: 'status' })).toEqual(STATUS);
    expect(await ask({ name: 'reinstall', image: 'debian-12' })).toEqual({});
    expect(await ask({ name: 'resize', spec: SIZE })).toEqual({});
    expect(done).toEqual([
      { name: 'status' },
      { name: 'reinstall', image: 'debian-12' },
      { name: 'resize', spec: SIZE },
    ]);
  });

  test('is told the reason of a refusal', async () => {
    const run = () => Promise.reject(new PeerError('MACHINE_BUSY', 'Busy with reinstall'));
    const { route, grant } = await controlOf7(keep, { run });
    const asking = controlClient(route).ask({
      grant: await grant(['control']),
      lease: 7n,
      command: { name: 'stop' },
    });
    await expect(asking).rejects.toMatchObject({
      code: 'MACHINE_BUSY',
      message: 'Busy with reinstall',
      blame: 'transient',
    });
  });

  test('is not told the insides of the provider, nor believes an answer to another question', async () => {
    const { route, grant } = await controlOf7(keep, {
      run: ({ name }) =>
        name === 'stop' ? Promise.reject(new TypeError('/secret/path')) : Promise.resolve({}),
    });
    const good = await grant(['control']);
    const ask = (command: ControlCommand) => controlClient(route).ask({ grant: good, lease: 7n, command });
    await expect(ask({ name: 'stop' })).rejects.toMatchObject({
      code: 'PROVIDER_FAILED',
      message: expect.not.stringContaining('secret'),
    });
    await expect(ask({ name: 'status' })).rejects.toMatchObject({ code: 'MESSAGE_MALFORMED' });
  });
});

describe('a provider', () => {
  test('obeys no grant without the permission, of another peer, account or lease', async () => {
    const { done, run } = obedient();
    const { route, grant, stranger, refused } = await controlOf7(keep, { run });
    const thief = await stranger();
    const stop = { name: 'stop' } as const;
    const cases: [PeerErrorCode, typeof route, Awaited<ReturnType<typeof grant>>, bigint][] = [
      ['GRANT_NOT_PERMITTED', route, await grant(['tunnel', 'console']), 7n],
      ['GRANT_SIGNATURE', thief, await grant(['control']), 7n],
      ['NOT_RENTER', route, await grant(['control'], { uri: '//Bob' }), 7n],
      ['LEASE_NOT_FOUND', route, await grant(['control'], { lease: 8n }), 8n],
      ['GRANT_NOT_PERMITTED', route, await grant(['control']), 8n],
    ];
    for (const [code, from, used, lease] of cases) {
      const asking = controlClient(from).ask({ grant: used, lease, command: stop });
      await expect(asking).rejects.toMatchObject({ code });
    }
    expect(refused).toEqual(cases.map(([code]) => code));
    expect(done).toEqual([]);
  });

  test('carries nothing out that is no command, or comes with more than a machine takes', async () => {
    const { done, run } = obedient();
    const { route, grant, refused } = await controlOf7(keep, { run });
    const good = await grant(['control']);
    const commands = [
      { name: 'explode' },
      { name: 'reinstall' },
      { name: 'resize', spec: { ...SIZE, cpuCores: -1 } },
      { name: 'set-ssh-keys', keys: [] },
      { name: 'set-ssh-keys', keys: Array.from({ length: 17 }, () => 'ssh-ed25519 AAAA') },
    ];
    for (const command of commands) {
      const asking = controlClient(route).ask({
        grant: good,
        lease: 7n,
        command: command as ControlCommand,
      });
      await expect(asking).rejects.toMatchObject({ code: 'MESSAGE_MALFORMED' });
    }
    const long = { name: 'set-ssh-keys' as const, keys: Array.from({ length: 16 }, () => 'k'.repeat(4000)) };
    const asking = controlClient(route).ask({ grant: good, lease: 7n, command: long });
    await expect(asking).rejects.toMatchObject({ code: 'MESSAGE_TOO_LONG' });
    expect(refused).toHaveLength(commands.length + 1);
    expect(done).toEqual([]);
  });

  test('waits for no request that does not come, or comes in part, and survives one that is cut', async () => {
    const { done, run } = obedient();
    const impatient = await controlOf7(keep, { run, limits: { handshakeMs: 300 } });
    const half = await (await connectionOf(impatient)).newStream(CONTROL_PROTOCOL);
    half.send(Uint8Array.of(200, 1, 0xa3));
    await until(() => impatient.refused.includes('HANDSHAKE_TIMEOUT'));
    const patient = await controlOf7(keep, { run });
    const { route, refused, grant } = patient;
    const connection = await connectionOf(patient);
    const cut = await connection.newStream(CONTROL_PROTOCOL);
    cut.send(Uint8Array.of(200, 1, 0xa3));
    await cut.close();
    await until(() => refused.includes('CONNECTION_LOST'));
    const noise = await connection.newStream(CONTROL_PROTOCOL);
    noise.send(Uint8Array.of(3, 1, 2, 3));
    await until(() => refused.includes('MESSAGE_MALFORMED'));
    await controlClient(route).ask({
      grant: await grant(['control']),
      lease: 7n,
      command: { name: 'start' },
    });
    expect(done).toEqual([{ name: 'start' }]);
  });

  test('takes so many commands for a lease at once and no more, and has room again when one is done', async () => {
    const waiting: (() => void)[] = [];
    const run = () => new Promise<object>((resolve) => waiting.push(() => resolve({})));
    const { route, grant, server } = await controlOf7(keep, { run, limits: { perLease: 2 } });
    const good = await grant(['control']);
    const client = controlClient(route);
    const ask = () => client.ask({ grant: good, lease: 7n, command: { name: 'start' } });
    const first = [ask(), ask()];
    await until(() => waiting.length === 2);
    const flood = await Promise.allSettled(Array.from({ length: 10 }, ask));
    for (const one of flood) {
      expect(one).toMatchObject({ status: 'rejected', reason: { code: 'TOO_MANY_STREAMS' } });
    }
    waiting.splice(0).forEach((finish) => finish());
    await Promise.all(first);
    await until(() => server.counts().size === 0);
    const again = ask();
    await until(() => waiting.length === 1);
    waiting.forEach((finish) => finish());
    await again;
  });

  test('ends what is going on when the lease ends, and when it takes too long', async () => {
    let aborted = 0;
    const run = (_: ControlCommand, _claim: unknown, signal: AbortSignal) =>
      new Promise<never>((_resolve, reject) => {
        signal.addEventListener('abort', () => {
          aborted += 1;
          reject(signal.reason);
        });
      });
    const { route, grant, server } = await controlOf7(keep, { run, limits: { commandMs: 1500 } });
    const good = await grant(['control']);
    const ask = () => controlClient(route).ask({ grant: good, lease: 7n, command: { name: 'reboot' } });
    const ended = expect(ask()).rejects.toMatchObject({ code: 'LEASE_ENDED' });
    await until(() => server.counts().get(7n) === 1);
    expect(server.closeLease(7n)).toBe(1);
    await ended;
    await expect(ask()).rejects.toMatchObject({ code: 'COMMAND_FAILED' });
    expect(aborted).toBe(2);
  });
});
