import { DaemonError } from '@hamster/daemon';

/** The JSON of an answer that may be anybody's. Throws `ANSWER_TOO_LONG` after so many bytes, and reads no further. */
export async function boundedJson({ body }: Response, mostBytes: number): Promise<unknown> {
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of body ?? []) {
    bytes += chunk.length;
    if (bytes > mostBytes) {
      throw new DaemonError(
        'ANSWER_TOO_LONG',
        `The answer has more than the ${mostBytes} bytes that are read.`,
        {
          fault: 'transient',
        },
      );
    }
    chunks.push(chunk);
  }
  return JSON.parse(Buffer.concat(chunks).toString('utf8'));
}
