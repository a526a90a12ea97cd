import type { Figure } from './figure.ts';

/** What every measurement is handed. */
export interface Bench {
  /** Small sizes, to see that everything works; the numbers mean nothing then. */
  readonly quick: boolean;
  /** A folder of its own that goes away afterwards. */
  readonly folder: string;
  /** Options of single measurements, such as the path of a chain spec, by name. */
  readonly options: Readonly<Record<string, string | undefined>>;
  /** Tells a person what is going on; not part of the result. */
  note(text: string): void;
  /** Fires when the measurement is to end early; only for one that `cleansUp`. */
  readonly signal: AbortSignal;
}

/** One thing that can be measured by itself; gives one or several figures. */
export interface Measure {
  readonly name: string;
  /** It leaves things on the host that outlive this process, and removes them when the signal fires, too. */
  readonly cleansUp?: boolean;
  run(bench: Bench): Promise<readonly Figure[]>;
}

/** A measurement whose modules are loaded when it is run: two builds of a library must not meet in one process. */
export const lazily = (name: string, load: () => Promise<Measure>): Measure => ({
  name,
  run: async (bench) => (await load()).run(bench),
});

export interface Suite {
  readonly name: string;
  readonly measures: readonly Measure[];
}
