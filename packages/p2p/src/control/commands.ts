import { Type, type Static, type TSchema } from 'typebox';

const count = Type.Integer({ minimum: 0 });
const atLeastOne = Type.Integer({ minimum: 1, maximum: 2 ** 31 });
const text = (maxLength: number) => Type.String({ minLength: 1, maxLength });

/** Whole cores, mebibytes of memory, gibibytes of disk. */
const Size = Type.Object({ cpuCores: atLeastOne, memoryMib: atLeastOne, diskGib: atLeastOne });

const MAX_KEYS = 16;
const Keys = Type.Array(text(4096), { minItems: 1, maxItems: MAX_KEYS });
const Done = Type.Object({});

/** What a renter may ask of the machine of a lease. */
export const Command = Type.Union([
  Type.Object({ name: Type.Enum(['status', 'metrics', 'ssh-keys']) }),
  Type.Object({ name: Type.Enum(['stop', 'start', 'reboot', 'reset']) }),
  /** A new disk with this image; all data is lost. */
  Type.Object({ name: Type.Literal('reinstall'), image: text(64) }),
  /** Other resources, within those of the lease. */
  Type.Object({ name: Type.Literal('resize'), spec: Size }),
  /** These keys and no others may log in. */
  Type.Object({ name: Type.Literal('set-ssh-keys'), keys: Keys }),
]);

const Status = Type.Object({
  /** `failed`: it should run and does not; the provider starts it again. */
  state: Type.Enum(['running', 'starting', 'stopped', 'failed']),
  /** The command that is being carried out. */
  busyWith: Type.Optional(text(32)),
  image: text(64),
  /** What the machine has, and what the lease pays for. */
  size: Size,
  leased: Size,
});

/** As the hypervisor sees them; counters begin anew when the machine starts. */
const Metrics = Type.Object({
  /** When this was measured, ms since 1970. */
  at: count,
  /** Time on the processor in ms; `percent` of one core just now: two busy cores are 200. */
  cpu: Type.Object({ timeMs: count, percent: Type.Number({ minimum: 0 }) }),
  memory: Type.Object({ usedBytes: count, limitBytes: count }),
  disk: Type.Object({
    usedBytes: count,
    sizeBytes: count,
    readBytes: Type.Optional(count),
    writtenBytes: Type.Optional(count),
  }),
  network: Type.Optional(Type.Object({ receivedBytes: count, sentBytes: count })),
});

/** What a provider answers to each command that it has carried out. */
export const ANSWERS = {
  status: Status,
  metrics: Metrics,
  'ssh-keys': Type.Object({ keys: Keys }),
  stop: Done,
  start: Done,
  reboot: Done,
  reset: Done,
  reinstall: Done,
  resize: Done,
  /** Whether the keys count at once, or from the machine's next start on. */
  'set-ssh-keys': Type.Object({ effect: Type.Enum(['now', 'next-start']) }),
} satisfies Record<ControlCommand['name'], TSchema>;

export type ControlCommand = Static<typeof Command>;
export type ControlAnswer<N extends ControlCommand['name']> = Static<(typeof ANSWERS)[N]>;
export type MachineSize = Static<typeof Size>;
export type StatusAnswer = Static<typeof Status>;
export type MetricsAnswer = Static<typeof Metrics>;
