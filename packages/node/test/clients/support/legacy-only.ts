import type { AddressInfo } from 'node:net';
import { WebSocket, WebSocketServer } from 'ws';

const MODERN = /^(chainHead|chainSpec|archive|transaction|transactionWatch)_/;

interface Message {
  readonly id?: number | string;
  readonly method?: string;
  readonly result?: unknown;
}

/** A node as they were before the new JSON-RPC: it neither lists nor knows any of its methods. */
export interface LegacyOnly {
  readonly url: string;
  /** Every method that was asked for, the unknown ones too. */
  readonly asked: ReadonlySet<string>;
  stop(): Promise<void>;
}

/** Puts itself before a node and passes everything through but the new methods. */
export async function legacyOnly(url: string): Promise<LegacyOnly> {
  const asked = new Set<string>();
  const server = new WebSocketServer({ host: '127.0.0.1', port: 0 });
  server.on('connection', (client) => void relay(client, url, asked));
  await new Promise<void>((resolve, reject) => {
    server.once('listening', resolve);
    server.once('error', reject);
  });
  return {
    url: `ws://127.0.0.1:${(server.address() as AddressInfo).port}`,
    asked,
    async stop() {
      for (const client of server.clients) client.terminate();
      await new Promise<void>((resolve) => server.close(() => resolve()));
    },
  };
}

function relay(client: WebSocket, url: string, asked: Set<string>): void {
  const node = new WebSocket(url);
  const early: string[] = [];
  const lists = new Set<Message['id']>();
  client.on('message', (data) => {
    const text = String(data as Buffer);
    const { id, method = '' } = JSON.parse(text) as Message;
    asked.add(method);
    if (method === 'rpc_methods') lists.add(id);
    if (MODERN.test(method)) client.send(unknown(id));
    else if (node.readyState === WebSocket.OPEN) node.send(text);
    else early.push(text);
  });
  node.on('open', () => {
    for (const text of early) node.send(text);
  });
  node.on('message', (data) => {
    const message = JSON.parse(String(data as Buffer)) as Message;
    client.send(JSON.stringify(lists.delete(message.id) ? withoutModern(message) : message));
  });
  client.on('close', () => node.terminate());
  node.on('close', () => client.terminate());
}

const unknown = (id: Message['id']): string =>
  JSON.stringify({ jsonrpc: '2.0', id, error: { code: -32601, message: 'Method not found' } });

function withoutModern(answer: Message): object {
  const { methods } = answer.result as { methods: string[] };
  return { ...answer, result: { methods: methods.filter((method) => !MODERN.test(method)) } };
}
