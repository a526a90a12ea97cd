import { Type, type Static } from '@hamster/daemon';

/** One thing that was looked at. */
export const Check = Type.Object(
  {
    name: Type.String(),
    verdict: Type.Union([Type.Literal('ok'), Type.Literal('note'), Type.Literal('stops')], {
      description: 'ok; note: orders come all the same; stops: no orders come because of it',
    }),
    detail: Type.String({ description: 'A sentence: what was found, and what to do' }),
  },
  { description: 'One thing that was looked at' },
);

export type Check = Static<typeof Check>;

export const ok = (name: string, detail: string): Check => ({ name, verdict: 'ok', detail });
export const note = (name: string, detail: string): Check => ({ name, verdict: 'note', detail });
export const stops = (name: string, detail: string): Check => ({ name, verdict: 'stops', detail });
