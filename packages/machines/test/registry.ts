import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import http from 'node:http';
import type { AddressInfo } from 'node:net';

const MANIFEST = 'application/vnd.docker.distribution.manifest.v2+json';
const CONFIG = 'application/vnd.docker.container.image.v1+json';
const LAYER = 'application/vnd.docker.image.rootfs.diff.tar';

/** A registry on loopback that serves one image of one layer, as Docker's distribution protocol asks for it. */
export class TestRegistry {
  readonly #blobs = new Map<string, { type: string; content: Buffer }>();
  readonly #server = http.createServer((request, response) => {
    const digest = /\/(?:manifests|blobs)\/(sha256:[0-9a-f]{64})$/.exec(request.url ?? '')?.[1];
    if (request.url === '/v2/') return void response.end('{}');
    const blob = digest === undefined ? undefined : this.#blobs.get(digest);
    if (blob === undefined || digest === undefined) return void response.writeHead(404).end();
    const headers = { 'content-type': blob.type, 'docker-content-digest': digest };
    response.writeHead(200, { ...headers, 'content-length': blob.content.length });
    response.end(request.method === 'HEAD' ? undefined : blob.content);
  });

  /** Serves the tarball at `rootfs`, and resolves with the image's reference by digest. */
  async serve(rootfs: string): Promise<string> {
    const layer = this.#add(LAYER, await readFile(rootfs));
    const rootFs = { type: 'layers', diff_ids: [layer.digest] };
    const config = this.#add(
      CONFIG,
      json({ architecture: 'amd64', os: 'linux', config: {}, rootfs: rootFs }),
    );
    const manifest = { schemaVersion: 2, mediaType: MANIFEST, config, layers: [layer] };
    const { digest } = this.#add(MANIFEST, json(manifest));
    await new Promise<void>((resolve) => this.#server.listen(0, '127.0.0.1', resolve));
    return `127.0.0.1:${(this.#server.address() as AddressInfo).port}/test/image@${digest}`;
  }

  close(): void {
    this.#server.closeAllConnections();
    this.#server.close();
  }

  #add(type: string, content: Buffer): { mediaType: string; size: number; digest: string } {
    const digest = `sha256:${createHash('sha256').update(content).digest('hex')}`;
    this.#blobs.set(digest, { type, content });
    return { mediaType: type, size: content.length, digest };
  }
}

function json(value: object): Buffer {
  return Buffer.from(JSON.stringify(value));
}
