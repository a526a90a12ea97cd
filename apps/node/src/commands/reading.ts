import { createReadStream } from 'node:fs';
import { DaemonError, sentenceOf } from '@hamster/daemon';

/** The bytes of a file, or the first of them. Throws FILE_NOT_READ. */
export async function* readingFrom(file: string, atMost = Infinity): AsyncGenerator<Uint8Array> {
  try {
    yield* createReadStream(file, { end: atMost - 1 }) as AsyncIterable<Buffer>;
  } catch (error) {
    throw new DaemonError('FILE_NOT_READ', `Cannot read ${file}: ${sentenceOf(error)}`, { cause: error });
  }
}
