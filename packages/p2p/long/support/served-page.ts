import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { fileURLToPath } from 'node:url';
import { build, type Rollup } from 'vite';

/** A page with one script, at an address of this computer. */
export interface ServedPage {
  readonly url: string;
  close(): void;
}

/** Bundles a module and serves a page that runs it. */
export async function servePage(entry: URL): Promise<ServedPage> {
  const script = await bundle(fileURLToPath(entry));
  const server = createServer(({ url }, response) => {
    const isScript = url === '/page.js';
    response.setHeader('content-type', isScript ? 'text/javascript' : 'text/html; charset=utf-8');
    response.end(isScript ? script : '<!doctype html><script type="module" src="/page.js"></script>');
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return { url: `http://127.0.0.1:${port}/`, close: () => server.close().closeAllConnections() };
}

async function bundle(entry: string): Promise<string> {
  const built = await build({
    configFile: false,
    logLevel: 'error',
    build: {
      write: false,
      minify: false,
      target: 'esnext',
      lib: { entry, formats: ['es'], fileName: 'page' },
      rollupOptions: { output: { codeSplitting: false } },
    },
  });
  const outputs = [built].flat() as Rollup.RollupOutput[];
  const [chunk] = outputs.flatMap(({ output }) => output.filter((one) => one.type === 'chunk'));
  return chunk?.code ?? '';
}
