import { PassThrough } from 'node:stream';
import { createProgram } from '../../src/cli/program.ts';

/** A person who sits at a terminal: answers questions as they come, or presses Ctrl-C. */
export function personAtTerminal(flags: readonly string[]) {
  const input = Object.assign(new PassThrough(), { isTTY: true, setRawMode: () => undefined });
  const output = new PassThrough();
  const errors = Object.assign(new PassThrough(), { isTTY: true });
  const interrupts = new AbortController();
  const expected: [question: string, answer: string][] = [];
  let interruptAt: string | undefined;
  let shown = '';
  let unread = '';
  errors.on('data', (chunk: Buffer) => {
    shown += chunk.toString();
    unread += chunk.toString();
    const [next] = expected;
    if (next && unread.includes(next[0])) {
      expected.shift();
      unread = '';
      input.write(`${next[1]}\n`);
    }
    if (interruptAt !== undefined && shown.includes(interruptAt)) interrupts.abort(new Error('Stopped.'));
  });
  const host = {
    terminal: { input, output, errors },
    env: {},
    signal: interrupts.signal,
    leaveInterrupts: () => () => undefined,
    self: [],
  };
  return {
    answers: (question: string, answer: string) => void expected.push([question, answer]),
    interruptsAt: (text: string) => {
      interruptAt = text;
    },
    types: (args: readonly string[]): Promise<number> => createProgram(host, '0').run([...flags, ...args]),
    saw: () => shown,
    /** What is printed as a result. */
    output,
    unanswered: () => expected.map(([question]) => question),
  };
}
