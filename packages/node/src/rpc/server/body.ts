import type { IncomingMessage } from 'node:http';

/**
 * The body of a request. What is too long is not kept: the rest runs into the void (for as long as a request may take), so
 * that the sender comes to read the answer. Tells `kept` of each piece of it that is.
 */
export function readBody(
  request: IncomingMessage,
  maxBytes: number,
  kept: (bytes: number) => void,
): Promise<Uint8Array | 'too large' | 'gone'> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  return new Promise((resolve) => {
    const refuse = (): void => {
      request.removeAllListeners('data').resume();
      resolve('too large');
    };
    request.once('error', () => resolve('gone'));
    request.once('close', () => resolve('gone'));
    request.once('end', () => resolve(Buffer.concat(chunks)));
    if (Number(request.headers['content-length']) > maxBytes) return refuse();
    request.on('data', (chunk: Uint8Array) => {
      size += chunk.length;
      if (size > maxBytes) return refuse();
      chunks.push(chunk);
      kept(chunk.length);
    });
  });
}
