import { Type } from '@hamster/daemon';

/** An amount of money, as the API takes and gives it: never a number, which would round it. */
export const Ham = (description: string) =>
  Type.String({ pattern: '^\\d{1,12}(\\.\\d{1,12})?$', description: `${description}, HAM as decimal text` });

/** The last moment that a date can name. */
const LAST_MS = 8_640_000_000_000_000;

export const Time = (description: string) =>
  Type.Integer({ minimum: 0, maximum: LAST_MS, description: `${description}, ms since 1970` });

export const Size = (description: string) =>
  Type.Object(
    {
      cpuCores: Type.Integer({ minimum: 0 }),
      memoryMib: Type.Integer({ minimum: 0 }),
      diskGib: Type.Integer({ minimum: 0 }),
    },
    { description },
  );

export const Prices = Type.Object(
  {
    core: Ham('One core for an hour'),
    memory: Ham('One GiB of memory for an hour'),
    disk: Ham('One GiB of disk for an hour'),
  },
  { description: 'What an hour costs' },
);

export const Span = Type.Object({ from: Time('Its begin'), to: Time('Its end') });
