import type { MachineSpec, Prices } from '@hamster/chain-client';
import { readJsonState, Type, writeJsonState, type Static, type TSchema } from '@hamster/daemon';
import type { Config } from '../config.ts';
import type { SettingsChange } from './settings-change.ts';

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
  unsent: Type.Optional(
    Type.Object({
      draining: Type.Optional(Type.Boolean()),
      maintenance: Type.Optional(Type.Object({ from: Type.Integer(), to: Type.Integer() })),
    }),
  ),
});

type Form = Static<typeof FORM>;
type Settings = Pick<Config, 'price' | 'offer'>;

/** What commands said of the offer, so far as it still counts. */
export interface Words {
  readonly prices?: Prices | undefined;
  readonly capacity?: MachineSpec | undefined;
  readonly availableUntil?: number | undefined;
}

/** What stands on the chain alone, once it is there. */
export type Passing = NonNullable<Form['unsent']>;

type Said = Words & Pick<SettingsChange, 'draining' | 'maintenance'>;

/**
 * What the operator told a running daemon, kept over restarts. The last word counts: a command beats the setting
 * that stood when it was given, and a setting that is changed later beats the command.
 */
export interface LastWords {
  current(): Words;
  /** What was said together with them by a process that ended before it knew that the chain has it. */
  unsent(): Passing;
  /** Writes the words down before `act` carries them out, and takes them back when that fails. */
  say<T>(words: Said, act: () => Promise<T>): Promise<T>;
  /** The chain has what was unsent, or never will. */
  settle(): Promise<void>;
}

/** The words in a file. Throws DaemonError STATE_UNREADABLE. */
export async function openLastWords(path: string, settings: Settings): Promise<LastWords> {
  let form: Form = (await readJsonState(path, FORM)) ?? {};

  async function settle(unsent: Passing = {}): Promise<void> {
    if (Object.keys(form.unsent ?? {}).length === Object.keys(unsent).length) return;
    form = { ...form, unsent };
    await writeJsonState(path, form);
  }

  return {
    current: () => wordsOf(form, settings),
    unsent: () => form.unsent ?? {},
    async say(words, act) {
      const before = form;
      const passing = passingOf(words);
      const next = { ...form, ...formOf(words, settings), unsent: { ...form.unsent, ...passing } };
      await writeJsonState(path, next);
      form = next;
      try {
        const outcome = await act();
        // On a disk that has become full it stands there for one more start, unless something else is said.
        await settle(without(before.unsent, passing)).catch(() => undefined);
        return outcome;
      } catch (error) {
        form = before;
        // The reason why it failed is told, also where the disk has become full meanwhile.
        await writeJsonState(path, before).catch(() => undefined);
        throw error;
      }
    },
    settle: () => settle(),
  };
}

function passingOf({ draining, maintenance }: Said): Passing {
  return { ...(draining !== undefined && { draining }), ...(maintenance && { maintenance }) };
}

function without({ draining, maintenance }: Passing = {}, sent: Passing): Passing {
  return passingOf({
    draining: sent.draining === undefined ? draining : undefined,
    maintenance: sent.maintenance === undefined ? maintenance : undefined,
  });
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
