/** Ends what was started, last first: each is noted as soon as it is there, so that a start that fails half way leaves nothing. */
export class Ends {
  readonly #ends: (() => unknown)[] = [];

  use<T extends AsyncDisposable>(thing: T): T {
    this.defer(() => thing[Symbol.asyncDispose]());
    return thing;
  }

  defer(end: () => unknown): void {
    this.#ends.push(end);
  }

  /** Each gets its turn, whatever becomes of the others; then throws the first failure. */
  async all(): Promise<void> {
    const failures: unknown[] = [];
    for (const end of this.#ends.splice(0).reverse()) {
      try {
        await end();
      } catch (error) {
        failures.push(error);
      }
    }
    if (failures.length > 0) throw failures[0];
  }
}
