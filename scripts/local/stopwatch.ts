/** Runs steps one after the other and says how long each took. */
export class Stopwatch {
  readonly #say: (line: string) => void;
  readonly #steps: { readonly name: string; readonly seconds: number }[] = [];

  constructor(say: (line: string) => void) {
    this.#say = say;
  }

  async step<T>(name: string, work: () => Promise<T>): Promise<T> {
    this.#say(`\n== ${name}`);
    const started = performance.now();
    const result = await work();
    const seconds = (performance.now() - started) / 1000;
    this.#steps.push({ name, seconds });
    this.#say(`   ${seconds.toFixed(1)} s`);
    return result;
  }

  /** One line a step. */
  table(): string {
    const width = Math.max(...this.#steps.map(({ name }) => name.length));
    return this.#steps
      .map(({ name, seconds }) => `  ${name.padEnd(width)}  ${seconds.toFixed(1).padStart(6)} s`)
      .join('\n');
  }
}
