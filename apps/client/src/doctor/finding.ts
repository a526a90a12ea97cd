/** `bad` means that something does not work; `warn`, that something may be missed one day. */
export type State = 'ok' | 'warn' | 'bad';

/** What was looked at, what was found, and what to do about it. */
export interface Finding {
  readonly about: string;
  readonly state: State;
  readonly text: string;
  readonly advice?: string;
}

export function ok(about: string, text: string): Finding {
  return { about, state: 'ok', text };
}

export function warn(about: string, text: string, advice: string): Finding {
  return { about, state: 'warn', text, advice };
}

export function bad(about: string, text: string, advice: string): Finding {
  return { about, state: 'bad', text, advice };
}
