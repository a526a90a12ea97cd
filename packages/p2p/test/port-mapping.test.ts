import type { RequestListener, ServerResponse } from 'node:http';
import { text } from 'node:stream/consumers';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { PeerError } from '../src/errors.ts';
import { keepPortMapped, type PortKeeperOptions, type PortMapping } from '../src/mapping/keep-port-mapped.ts';
import { natPmp } from '../src/mapping/nat-pmp.ts';
import type { Asked, PortMapper, Wish } from '../src/mapping/port-mapper.ts';
import { gatewayIn } from '../src/mapping/router.ts';
import { upnp } from '../src/mapping/upnp.ts';
import { cleanup } from './support/cleanup.ts';
import { answering, DESCRIPTION, fault, HERE, response, upnpRouter } from './support/fake-router.ts';

const keep = cleanup();
const soon = () => AbortSignal.timeout(20_000);
const NO = expect.objectContaining({ code: 'PORT_MAPPING' });
const WISH = { port: 4001, external: 4001 };

/** What a keeper comes to with these mappers. */
async function outcome(options: Partial<PortKeeperOptions>): Promise<PortMapping> {
  const { promise, resolve } = Promise.withResolvers<PortMapping>();
  const findRouter = () => Promise.resolve(HERE);
  keep(keepPortMapped({ portAt: () => 4001, findRouter, onChange: resolve, ...options }));
  return promise;
}

/** A router that does what it is asked, and notes it. */
function fakeMapper(changes: Partial<Asked> = {}, name: PortMapper['name'] = 'UPnP') {
  const mapped: Wish[] = [];
  const unmapped: Wish[] = [];
  const mapper: PortMapper = {
    name,
    find: async () => ({
      externalAddress: async () => '9.9.1.1',
      async map(wish) {
        mapped.push(wish);
        return { external: 7777, seconds: 3600 };
      },
      unmap: async (wish) => void unmapped.push(wish),
      ...changes,
    }),
  };
  return { mapper, mapped, unmapped };
}

describe('a port that is kept mapped', () => {
  test('is told with the address of the world, asked for again as it was granted, and given back at the end', async () => {
    const { mapper, mapped, unmapped } = fakeMapper();
    const twice = Promise.withResolvers<void>();
    const changes: PortMapping[] = [];
    const keeper = keepPortMapped({
      portAt: () => 4001,
      findRouter: async () => {
        if (mapped.length === 2) twice.resolve();
        return HERE;
      },
      mappers: [mapper],
      everyMs: 1,
      onChange: (change) => void changes.push(change),
    });
    await twice.promise;
    await keeper.stop();
    expect(changes).toEqual([{ state: 'mapped', address: '/ip4/9.9.1.1/tcp/7777', by: 'UPnP' }]);
    expect(mapped.slice(0, 2)).toEqual([WISH, { ...WISH, external: 7777 }]);
    expect(unmapped).toEqual([{ ...WISH, external: 7777 }]);
  });

  test('is no more when the router loses its address, and nothing stays behind', async () => {
    let address = '9.9.1.1';
    const { mapper, unmapped } = fakeMapper({ externalAddress: async () => address });
    const lost = Promise.withResolvers<PortMapping>();
    const onChange = (mapping: PortMapping): void => {
      address = '';
      if (mapping.state !== 'mapped') lost.resolve(mapping);
    };
    const findRouter = () => Promise.resolve(HERE);
    keep(keepPortMapped({ portAt: () => 4001, findRouter, mappers: [mapper], everyMs: 1, onChange }));
    expect(await lost.promise).toMatchObject({ state: 'unmapped' });
    expect(unmapped).toEqual([{ ...WISH, external: 7777 }]);
  });

  test('is given back by the protocol that no longer does it when another takes over', async () => {
    const denials = [false, true];
    const first = fakeMapper(
      {
        externalAddress: async () => {
          if (denials.shift() !== false) throw new PeerError('PORT_MAPPING', 'It says no');
          return '9.9.1.1';
        },
      },
      'NAT-PMP',
    );
    const second = fakeMapper();
    const changes: PortMapping[] = [];
    const over = Promise.withResolvers<void>();
    const onChange = (mapping: PortMapping): void => {
      changes.push(mapping);
      if (changes.length === 2) over.resolve();
    };
    const findRouter = () => Promise.resolve(HERE);
    const mappers = [first.mapper, second.mapper];
    keep(keepPortMapped({ portAt: () => 4001, findRouter, mappers, everyMs: 1, onChange }));
    await over.promise;
    expect(changes).toMatchObject([{ by: 'NAT-PMP' }, { by: 'UPnP' }]);
    expect(first.unmapped).toEqual([{ ...WISH, external: 7777 }]);
    expect(second.unmapped).toEqual([]);
  });

  test('is kept and given back though its listener throws', async () => {
    const { mapper, unmapped } = fakeMapper();
    const told = Promise.withResolvers<void>();
    const keeper = keepPortMapped({
      portAt: () => 4001,
      findRouter: async () => HERE,
      mappers: [mapper],
      onChange: () => {
        told.resolve();
        throw new TypeError('the listener is broken');
      },
    });
    await told.promise;
    expect(keeper.current()).toMatchObject({ state: 'mapped' });
    await keeper.stop();
    expect(unmapped).toEqual([{ ...WISH, external: 7777 }]);
  });

  test.each([
    '10.0.0.7',
    '192.168.1.7',
    '100.64.3.4',
    '127.0.0.1',
    '169.254.1.1',
    '0.0.0.0',
    '2a00::1',
    'nowhere',
    '9.9',
  ])('is not asked for where the router’s own address is %s', async (address) => {
    const { mapper, mapped } = fakeMapper({ externalAddress: async () => address });
    expect(await outcome({ mappers: [mapper] })).toMatchObject({ state: 'unmapped' });
    expect(mapped).toEqual([]);
  });

  test('is not needed by a host with a public address, nor where nothing listens', async () => {
    const { mapper, mapped } = fakeMapper();
    const findRouter = async () => ({ host: '9.9.1.254', from: '9.9.1.1' });
    expect(await outcome({ mappers: [mapper], findRouter })).toMatchObject({ state: 'unneeded' });
    expect(await outcome({ mappers: [mapper], portAt: () => undefined })).toMatchObject({
      state: 'unneeded',
    });
    const none = async () => undefined;
    expect(await outcome({ mappers: [mapper], findRouter: none })).toMatchObject({ state: 'unmapped' });
    expect(mapped).toEqual([]);
  });

  test('is given back also when the end comes before the router’s yes', async () => {
    const asked = Promise.withResolvers<void>();
    const { mapper, unmapped } = fakeMapper({
      map: (_, signal) => {
        asked.resolve();
        return new Promise((_resolve, reject) =>
          signal.addEventListener('abort', () => reject(signal.reason), { once: true }),
        );
      },
    });
    const keeper = keepPortMapped({ portAt: () => 4001, findRouter: async () => HERE, mappers: [mapper] });
    await asked.promise;
    await keeper.stop();
    expect(unmapped).toEqual([WISH]);
  });
});

describe('NAT-PMP', () => {
  const ADDRESS = [0, 128, 0, 0, 0, 0, 0, 1, 9, 9, 1, 1];
  const GRANTED = [0, 130, 0, 0, 0, 0, 0, 1, 0x0f, 0xa1, 0x1e, 0x61, 0, 0, 0x0e, 0x10];
  /** Only where silence is expected: a busy machine answers late. */
  const SHORT = [50];
  const LONG = [5_000];
  /** What is shorter is taken for no answer. */
  const SHORTEST = 4;
  const router = async (address: number[], granted: number[], pausesMs = LONG) =>
    natPmp({
      port: await answering(keep, (asked) => [Uint8Array.from(asked[1] === 0 ? address : granted)]),
      pausesMs,
    });

  test('gives the port that the router chose', async () => {
    const asked = await (await router(ADDRESS, GRANTED)).find(HERE, soon());
    expect(await asked.externalAddress(soon())).toBe('9.9.1.1');
    expect(await asked.map(WISH, soon())).toEqual({ external: 0x1e61, seconds: 3600 });
  });

  test('asks again when a datagram is lost', async () => {
    let asked = 0;
    const port = await answering(keep, () => ((asked += 1) < 3 ? [] : [Uint8Array.from(ADDRESS)]));
    await natPmp({ port, pausesMs: [50, 50, 5_000] }).find(HERE, soon());
    expect(asked).toBe(3);
  });

  test('takes no for an answer, and none, and one that is cut anywhere', async () => {
    for (let end = 0; end < ADDRESS.length; end += 1) {
      const cut = await router(ADDRESS.slice(0, end), GRANTED, end < SHORTEST ? SHORT : LONG);
      await expect(cut.find(HERE, soon())).rejects.toEqual(NO);
    }
    for (let end = SHORTEST; end < GRANTED.length; end += 1) {
      const asked = await (await router(ADDRESS, GRANTED.slice(0, end))).find(HERE, soon());
      await expect(asked.map(WISH, soon())).rejects.toEqual(NO);
    }
    for (let result = 1; result < 8; result += 1) {
      const denial = GRANTED.with(3, result);
      const asked = await (await router(ADDRESS, denial)).find(HERE, soon());
      await expect(asked.map(WISH, soon())).rejects.toEqual(NO);
    }
  });

  test('is harmed by no bytes at all', async () => {
    const answer = { bytes: new Uint8Array() };
    const port = await answering(keep, () => [answer.bytes, Uint8Array.from(ADDRESS)]);
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 40 }), async (bytes) => {
        answer.bytes = bytes;
        const found = await natPmp({ port, pausesMs: LONG })
          .find(HERE, soon())
          .catch((error: unknown) => error);
        if (found instanceof Error) expect(found).toEqual(NO);
      }),
      { numRuns: 100 },
    );
  });
});

describe('UPnP', () => {
  const xml = (answer: ServerResponse, body: string, status = 200): void =>
    void answer.writeHead(status, { 'content-type': 'text/xml' }).end(body);

  /** Describes itself, and answers calls so. */
  const calls =
    (control: (body: string) => [status: number, body: string]): RequestListener =>
    (request, answer) => {
      if (request.method === 'GET') return xml(answer, DESCRIPTION);
      void text(request).then((body) => {
        const [status, said] = control(body);
        xml(answer, said, status);
      });
    };
  const found = async (control: Parameters<typeof calls>[0]) =>
    upnp(await upnpRouter(keep, calls(control))).find(HERE, soon());

  test('takes another port when that one is another’s', async () => {
    const ports: string[] = [];
    const asked = await found((body) => {
      ports.push(/<NewExternalPort>(\d+)</.exec(body)?.[1] ?? '');
      return ports.length < 3 ? [500, fault(718)] : [200, response('AddPortMapping')];
    });
    expect(await asked.map(WISH, soon())).toEqual({ external: Number(ports[2]), seconds: 3600 });
    expect(ports[0]).toBe('4001');
    expect(new Set(ports).size).toBe(3);
  });

  test('does not leave a port open for ever, and takes no for an answer', async () => {
    for (const code of [725, 606, 718, 501]) {
      const asked = await found(() => [500, fault(code)]);
      await expect(asked.map(WISH, soon())).rejects.toEqual(NO);
    }
  });

  test('is sent nowhere else: not by the answer to a search, a description or a redirection', async () => {
    let strangers = 0;
    const stranger = await upnpRouter(
      keep,
      (_, answer) => {
        strangers += 1;
        xml(answer, DESCRIPTION);
      },
      (port) => `http://localhost:${port}/`,
    );
    await expect(upnp({ ...stranger, patienceMs: 300 }).find(HERE, soon())).rejects.toEqual(NO);
    const elsewhere = DESCRIPTION.replace('/control', 'http://127.0.0.2:1/control');
    const pointing = await upnpRouter(keep, (_, answer) => xml(answer, elsewhere));
    await expect(upnp(pointing).find(HERE, soon())).rejects.toEqual(NO);
    const turning = await upnpRouter(keep, ({ url }, answer) => {
      if (url === '/other') strangers += 1;
      answer.writeHead(302, { location: '/other' }).end();
    });
    await expect(upnp(turning).find(HERE, soon())).rejects.toEqual(NO);
    expect(strangers).toBe(0);
  });

  test.each([
    ['nothing', ''],
    ['no XML', '\u0000\u0001<<<>>>'],
    ['half of a document', DESCRIPTION.slice(0, 300)],
    ['no service', DESCRIPTION.replace('WANIPConnection', 'Other')],
    ['thousands of levels', '<root><device>' + '<deviceList><device>'.repeat(3_000)],
    [
      'a billion laughs',
      `<!DOCTYPE a [<!ENTITY b "${'c'.repeat(1000)}">]><root>${'&b;'.repeat(5000)}</root>`,
    ],
  ])('is harmed by no description: %s', async (_, body) => {
    const target = await upnpRouter(keep, (_request, answer) => xml(answer, body));
    await expect(upnp(target).find(HERE, soon())).rejects.toEqual(NO);
  });

  test('stops reading an answer that does not end', async () => {
    let sent = 0;
    const target = await upnpRouter(keep, (_, answer) => {
      const more = (): void => {
        while (!answer.destroyed && answer.write('x'.repeat(16_384))) sent += 16_384;
        if (!answer.destroyed) answer.once('drain', more);
      };
      more();
    });
    await expect(upnp(target).find(HERE, soon())).rejects.toEqual(NO);
    expect(sent).toBeLessThan(64 << 20);
  });

  test('waits for nobody for ever', async () => {
    const silent = { address: '127.0.0.1', port: await answering(keep, () => []), patienceMs: 50 };
    await expect(upnp(silent).find(HERE, soon())).rejects.toEqual(NO);
    const mute = await upnpRouter(keep, () => undefined);
    await expect(upnp(mute).find(HERE, AbortSignal.timeout(200))).rejects.toMatchObject({
      name: 'TimeoutError',
    });
  });
});

describe('the table of routes', () => {
  const HEADER = 'Iface\tDestination\tGateway \tFlags\tRefCnt\tUse\tMetric\tMask\t\tMTU\tWindow\tIRTT';
  test('gives the gateway of the cheapest default route', () => {
    const rows = [
      'eth0\t00000000\t0107A8C0\t0003\t0\t0\t100\t00000000\t0\t0\t0',
      'wlan0\t00000000\t0108A8C0\t0003\t0\t0\t50\t00000000\t0\t0\t0',
      'tun0\t00000000\t00000000\t0001\t0\t0\t0\t00000000\t0\t0\t0',
      'eth0\t0007A8C0\t00000000\t0001\t0\t0\t0\t00FFFFFF\t0\t0\t0',
    ];
    expect(gatewayIn([HEADER, ...rows, ''].join('\n'))).toBe('192.168.8.1');
    expect(gatewayIn(HEADER)).toBeUndefined();
    expect(gatewayIn('')).toBeUndefined();
  });
});
