import type { Duplex } from 'node:stream';

const REPEAT_MS = 2_000;

/** What a console shows, and a way to make it answer. */
export class ConsoleReader {
  readonly #console: Duplex;
  #text = '';

  constructor(console: Duplex) {
    this.#console = console;
    console.on('data', (chunk: Buffer) => (this.#text += chunk.toString()));
    console.on('error', () => undefined);
  }

  /** Types `line` until the console shows `pattern`: a shell that is still to come reads nothing that came before. */
  answers(line: string, pattern: RegExp, timeoutMs: number): Promise<void> {
    return new Promise((resolve, reject) => {
      const type = (): void => void this.#console.write(`${line}\n`);
      const repeat = setInterval(type, REPEAT_MS);
      const limit = setTimeout(() => finish(new Error(`the console only said: ${this.#text}`)), timeoutMs);
      const look = (): void => {
        if (pattern.test(this.#text)) finish();
      };
      const finish = (error?: Error): void => {
        clearInterval(repeat);
        clearTimeout(limit);
        this.#console.removeListener('data', look);
        if (error) reject(error);
        else resolve();
      };
      this.#console.on('data', look);
      type();
    });
  }

  close(): void {
    this.#console.destroy();
  }
}
