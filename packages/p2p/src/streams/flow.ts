import type { Stream } from '@libp2p/interface';

/** Pauses and resumes one stream's reading. */
export interface Flow {
  pause(): void;
  resume(): void;
}

/**
 * `stream.resume()` first delivers what it had kept back and then reopens the window, so a `pause()` made by a
 * listener during that delivery would be lost, and flow control with it. Such a pause is put off to the end.
 */
export function flowOf(stream: Stream): Flow {
  let resuming = false;
  let pauseAfterwards = false;

  function pause(): void {
    if (resuming) pauseAfterwards = true;
    else if (stream.readStatus === 'readable') stream.pause();
  }

  function resume(): void {
    pauseAfterwards = false;
    if (resuming || stream.readStatus !== 'paused') return;
    resuming = true;
    try {
      stream.resume();
    } finally {
      resuming = false;
    }
    if (pauseAfterwards) pause();
  }

  return { pause, resume };
}

/**
 * Calls back whenever a stream may take more data. 'drain' is told to all the streams of a connection, also to
 * those that still hold unsent bytes, so the event alone says nothing. And 'idle' is told from within the sending:
 * a `close()` made right then would wait for ever, so the call comes a moment later.
 */
export function onWritable(stream: Stream, callback: () => void): void {
  let planned = false;
  const plan = (): void => {
    if (planned || !isWritable(stream)) return;
    planned = true;
    queueMicrotask(() => {
      planned = false;
      if (isWritable(stream)) callback();
    });
  };
  stream.addEventListener('drain', plan);
  stream.addEventListener('idle', plan);
}

/** Whether a stream takes more data at once. */
export function isWritable(stream: Stream): boolean {
  return stream.status === 'open' && stream.writeBufferLength === 0 && !stream.writableNeedsDrain;
}

/**
 * Whether nothing more will come. After the negotiation of a stream, bytes may be put back behind an 'end' that has
 * been told already, so that event alone does not say it either.
 */
export function isReadToEnd(stream: Stream): boolean {
  return stream.readableEnded && stream.readBufferLength === 0;
}
