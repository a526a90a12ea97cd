import { randomInt } from 'node:crypto';
import { PeerError } from '../errors.ts';
import { LEASE_S, type Asked, type PortMapper, type Wish } from './port-mapper.ts';
import type { Router } from './router.ts';
import { askRouter, elementAt } from './router-http.ts';
import { findDescription, SSDP, urlAt, type SearchTarget } from './ssdp.ts';

const SERVICES = [
  'urn:schemas-upnp-org:service:WANIPConnection:2',
  'urn:schemas-upnp-org:service:WANIPConnection:1',
  'urn:schemas-upnp-org:service:WANPPPConnection:1',
];
const NAME = 'hamster';
/** A device holds devices, which hold devices: a gateway, its WAN device, its connection. */
const MAX_DEPTH = 4;

const TAKEN = '718';
const MAX_TRIES = 4;
const FIRST_FREE_PORT = 10_000;

const FAULTS: Record<string, string> = {
  '606': 'it is told not to',
  [TAKEN]: 'another has that port',
  '725':
    'it maps ports only for ever, which a power cut would leave open; forward a port by hand, and --announce it',
};

interface Service {
  readonly type: string;
  readonly control: URL;
}

/** UPnP's Internet Gateway Device, versions 1 and 2. Nothing but the router itself is listened to, or asked. */
export function upnp(target: SearchTarget = SSDP): PortMapper {
  return {
    name: 'UPnP',
    async find(router, signal) {
      const description = await findDescription(router, target, signal);
      const { document } = await askRouter(description, {}, signal);
      return connectionOf(serviceIn(document, router, description), router);
    },
  };
}

function connectionOf(service: Service, { from }: Router): Asked {
  return {
    async externalAddress(signal) {
      const answer = answerOf(await call(service, 'GetExternalIPAddress', [], signal));
      const address = elementAt(answer, 'NewExternalIPAddress');
      if (typeof address !== 'string' || address === '') throw refusal('it has no public address');
      return address;
    },
    async map({ port, external: asked }, signal) {
      for (let external = asked, tries = 1; ; external = anyPort(), tries += 1) {
        const answer = await call(service, 'AddPortMapping', leaseOf({ port, external }, from), signal);
        if (answer.fault === TAKEN && tries < MAX_TRIES) continue;
        answerOf(answer);
        return { external, seconds: LEASE_S };
      }
    },
    async unmap({ external }, signal) {
      answerOf(await call(service, 'DeletePortMapping', mappingOf(external), signal));
    },
  };
}

function leaseOf({ port, external }: Wish, client: string): readonly Argument[] {
  return [
    ...mappingOf(external),
    ['NewInternalPort', port],
    ['NewInternalClient', client],
    ['NewEnabled', 1],
    ['NewPortMappingDescription', NAME],
    ['NewLeaseDuration', LEASE_S],
  ];
}

function anyPort(): number {
  return randomInt(FIRST_FREE_PORT, 65_536);
}

interface Answer {
  readonly content?: unknown;
  /** UPnP's number of what is wrong; empty when the answer has none. */
  readonly fault?: string;
}

type Argument = readonly [name: string, value: string | number];

function mappingOf(external: number): readonly Argument[] {
  return [
    ['NewRemoteHost', ''],
    ['NewExternalPort', external],
    ['NewProtocol', 'TCP'],
  ];
}

function serviceIn(document: unknown, router: Router, description: URL): Service {
  const said = elementAt(document, 'root', 'URLBase');
  const base = (typeof said === 'string' && urlAt(router, said)) || description;
  const found = [...servicesOf(elementAt(document, 'root', 'device'), 0)];
  for (const type of SERVICES) {
    const path = elementAt(
      found.find((each) => elementAt(each, 'serviceType') === type),
      'controlURL',
    );
    const control = typeof path === 'string' ? urlAt(router, path, base) : undefined;
    if (control) return { type, control };
  }
  throw refusal('it describes no service that does');
}

function* servicesOf(devices: unknown, depth: number): Generator<unknown> {
  if (!Array.isArray(devices) || depth > MAX_DEPTH) return;
  for (const device of devices) {
    const services = elementAt(device, 'serviceList', 'service');
    if (Array.isArray(services)) yield* services;
    yield* servicesOf(elementAt(device, 'deviceList', 'device'), depth + 1);
  }
}

/** Arguments are numbers, our own address and our own words: nothing of them needs escaping. */
async function call(
  { type, control }: Service,
  action: string,
  wish: readonly Argument[],
  signal: AbortSignal,
): Promise<Answer> {
  const inside = wish.map(([name, value]) => `<${name}>${value}</${name}>`).join('');
  const body =
    '<?xml version="1.0"?><s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/" ' +
    's:encodingStyle="http://schemas.xmlsoap.org/soap/encoding/"><s:Body>' +
    `<u:${action} xmlns:u="${type}">${inside}</u:${action}></s:Body></s:Envelope>`;
  const headers = { 'content-type': 'text/xml; charset="utf-8"', soapaction: `"${type}#${action}"` };
  const { ok, document } = await askRouter(control, { method: 'POST', headers, body }, signal);
  const content = elementAt(document, 'Envelope', 'Body', `${action}Response`);
  if (ok && content !== undefined) return { content };
  const fault = elementAt(document, 'Envelope', 'Body', 'Fault', 'detail', 'UPnPError', 'errorCode');
  return { fault: typeof fault === 'string' ? fault : '' };
}

function answerOf({ content, fault }: Answer): unknown {
  if (fault === undefined) return content;
  throw refusal(fault === '' ? 'it makes no sense' : (FAULTS[fault] ?? 'it says no'));
}

function refusal(why: string): PeerError {
  return new PeerError('PORT_MAPPING', `The router maps no port by UPnP: ${why}`);
}
