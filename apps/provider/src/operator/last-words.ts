import type { MachineSpec, Prices } from '@hamster/chain-client';
import { readJsonState, Type, writeJsonState, type Static, type TSchema } from '@hamster/daemon';
import type { Config } from '../config.ts';

const said = <S extends TSchema>(value: S) => Type.Object({ value, insteadOf: Type.String() });

const FORM = Type.Object({
  prices: Type.Optional(
    said(
      Type.Object({ cpuCoreHour: Type.String(), memoryGibHour: Type.String(), diskGibHour: Type.String() }),
    ),
  ),
  capacity: Type.Optional(
    said(Type.Object({ cpuCores: Type.Integer(), memoryMib: Type.Integer(), diskGib: Type.Integer() })),
  ),
  availableUntil: Type.Optional(said(Type.Integer())),
});

type Form = Static<typeof FORM>;
type Settings = Pick<Config, 'price' | 'offer'>;

/** What commands said of the offer, so far as it still counts. */
export interface Words {
  readonly prices?: Prices | undefined;
  readonly capacity?: MachineSpec | undefined;
  readonly availableUntil?: number | undefined;
}

/**
 * What the operator told a running daemon, kept over restarts. The last word counts: a command beats the setting
 * that stood when it was given, and a setting that is changed later beats the command.
 */
export interface LastWords {
  current(): Words;
  /** Writes the words down before `act` carries them out, and takes them back when that fails. */
  say<T>(words: Words, act: () => Promise<T>): Promise<T>;
}

/** The words in a file. Throws DaemonError STATE_UNREADABLE. */
export async function openLastWords(path: string, settings: Settings): Promise<LastWords> {
  let form: Form = (await readJsonState(path, FORM)) ?? {};
  return {
    current: () => wordsOf(form, settings),
    async say(words, act) {
      const before = form;
      const next = { ...form, ...formOf(words, settings) };
      await writeJsonState(path, next);
      form = next;
      try {
        return await act();
      } catch (error) {
        form = before;
        // The reason why it failed is told, also where the disk has become full meanwhile.
        await writeJsonState(path, before).catch(() => undefined);
        throw error;
      }
    },
  };
}

function wordsOf({ prices, capacity, availableUntil }: Form, settings: Settings): Words {
  const configured = configuredIn(settings);
  return {
    ...(prices?.insteadOf === configured.prices && { prices: pricesOf(prices.value) }),
    ...(capacity?.insteadOf === configured.capacity && { capacity: capacity.value }),
    ...(availableUntil?.insteadOf === configured.availableUntil && { availableUntil: availableUntil.value }),
  };
}

function formOf({ prices, capacity, availableUntil }: Words, settings: Settings): Form {
  const configured = configuredIn(settings);
  return {
    ...(prices && { prices: { value: textOf(prices), insteadOf: configured.prices } }),
    ...(capacity && { capacity: { value: { ...capacity }, insteadOf: configured.capacity } }),
    ...(availableUntil !== undefined && {
      availableUntil: { value: availableUntil, insteadOf: configured.availableUntil },
    }),
  };
}

function configuredIn({ price, offer }: Settings) {
  const { core, memory, disk } = price;
  return {
    prices: JSON.stringify([core, memory, disk]),
    capacity: JSON.stringify([offer.cores, offer.memory, offer.disk]),
    availableUntil: JSON.stringify(offer.days),
  };
}

function pricesOf(value: Record<keyof Prices, string>): Prices {
  return {
    cpuCoreHour: BigInt(value.cpuCoreHour),
    memoryGibHour: BigInt(value.memoryGibHour),
    diskGibHour: BigInt(value.diskGibHour),
  };
}

function textOf({ cpuCoreHour, memoryGibHour, diskGibHour }: Prices): Record<keyof Prices, string> {
  return {
    cpuCoreHour: String(cpuCoreHour),
    memoryGibHour: String(memoryGibHour),
    diskGibHour: String(diskGibHour),
  };
}
