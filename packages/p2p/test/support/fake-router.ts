import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Router } from '../../src/mapping/router.ts';
import type { Cleanup } from './cleanup.ts';

/** The test's own host is its router. */
export const HERE: Router = { host: '127.0.0.1', from: '127.0.0.1' };

/** A UDP port that answers each datagram with these. */
export async function answering(
  keep: Cleanup,
  answer: (asked: Buffer) => readonly Uint8Array[],
): Promise<number> {
  const socket = createSocket('udp4');
  socket.on('message', (asked, { port, address }) => {
    for (const each of answer(asked)) socket.send(each, port, address);
  });
  socket.bind(0, '127.0.0.1');
  await once(socket, 'listening');
  keep(socket);
  return socket.address().port;
}

/** A router's web server, and what answers searches for it. */
export async function upnpRouter(
  keep: Cleanup,
  serve: RequestListener,
  locate = (port: number): string => `http://127.0.0.1:${port}/description.xml`,
) {
  const server = createServer(serve).listen(0, '127.0.0.1');
  await once(server, 'listening');
  keep({ close: () => server.close().closeAllConnections() });
  const location = locate((server.address() as AddressInfo).port);
  const port = await answering(keep, () => [Buffer.from(`HTTP/1.1 200 OK\r\nLOCATION: ${location}\r\n\r\n`)]);
  return { address: '127.0.0.1', port, patienceMs: 5_000 };
}

export const DESCRIPTION = `<?xml version="1.0"?><root xmlns="urn:schemas-upnp-org:device-1-0"><device>
  <deviceType>urn:schemas-upnp-org:device:InternetGatewayDevice:1</deviceType><deviceList><device><deviceList><device>
  <serviceList><service><serviceType>urn:schemas-upnp-org:service:WANIPConnection:1</serviceType>
  <controlURL>/control</controlURL></service></serviceList></device></deviceList></device></deviceList></device></root>`;

const envelope = (body: string): string =>
  `<s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/"><s:Body>${body}</s:Body></s:Envelope>`;

export const fault = (code: number): string =>
  envelope(`<s:Fault><detail><UPnPError><errorCode>${code}</errorCode></UPnPError></detail></s:Fault>`);

export const response = (action: string, content = ''): string =>
  envelope(`<u:${action}Response xmlns:u="urn:x">${content}</u:${action}Response>`);
