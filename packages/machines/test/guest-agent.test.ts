import { describe, expect, it } from 'vitest';
import { deadlineSignal } from '../src/host/poll.ts';
import { agentAnswers, GUEST_PROGRAM, runInGuest } from '../src/libvirt/guest-agent.ts';

const domain = { name: 'vm', uuid: '', id: 1 };
const STARTED = { return: { pid: 7 } };
const ENDED = { return: { exited: true, exitcode: 0 } };

/** A guest whose agent answers this, one after the other, and the last for ever. */
function guestThat(...answers: unknown[]) {
  const asked: object[] = [];
  const agent = (_domain: unknown, command: object): Promise<unknown> => {
    asked.push(command);
    return Promise.resolve(answers.length > 1 ? answers.shift() : answers[0]);
  };
  return { guest: { libvirt: { agent }, domain }, asked };
}

const program = { path: GUEST_PROGRAM.identity, input: 'time MA==' };
const never = new AbortController().signal;

describe('a program in the guest', () => {
  it('has run when its agent says that it ended well', async () => {
    const { guest, asked } = guestThat(STARTED, { return: { exited: false } }, ENDED);
    await runInGuest(guest, { ...program, signal: never });
    expect(asked).toEqual([
      {
        execute: 'guest-exec',
        arguments: { path: program.path, 'input-data': Buffer.from(program.input).toString('base64') },
      },
      { execute: 'guest-exec-status', arguments: { pid: 7 } },
      { execute: 'guest-exec-status', arguments: { pid: 7 } },
    ]);
  });

  it.each([
    ['a status', { return: { exited: true, exitcode: 3 } }, /status 3/],
    ['a signal', { return: { exited: true, signal: 9 } }, /status 137/],
  ])('has failed when it ended with %s', async (_, answer, message) => {
    const { guest } = guestThat(STARTED, answer);
    await expect(runInGuest(guest, { ...program, signal: never })).rejects.toThrow(message);
  });

  it.each([
    ['nothing', undefined],
    ['null', null],
    ['no result', {}],
    ['an error', { error: { class: 'GenericError', desc: 'no' } }],
    ['a list', { return: [7] }],
    ['no process', { return: {} }],
    ['process 0', { return: { pid: 0 } }],
    ['a process that is a text', { return: { pid: '7' } }],
    ['half a process', { return: { pid: 7.5 } }],
    ['a process beyond all', { return: { pid: 1e308 } }],
  ])('has not started when its agent answers %s, and is not asked about', async (_, answer) => {
    const { guest, asked } = guestThat(answer);
    await expect(runInGuest(guest, { ...program, signal: never })).rejects.toMatchObject({
      code: 'CommandFailed',
    });
    expect(asked).toHaveLength(1);
  });

  it.each([
    ['no result', {}],
    ['neither', { return: { pid: 7 } }],
    ['an end without a status', { return: { exited: true } }],
    ['a status before the end', { return: { exitcode: 0 } }],
    ['a text', { return: { exited: 'true', exitcode: 0 } }],
    ['a status that is none', { return: { exited: true, exitcode: 2 ** 40 } }],
    ['a status below 0', { return: { exited: true, exitcode: -1 } }],
  ])('has failed, at once, when its agent is asked for its end and answers %s', async (_, answer) => {
    const { guest, asked } = guestThat(STARTED, answer);
    await expect(runInGuest(guest, { ...program, signal: never })).rejects.toMatchObject({
      code: 'CommandFailed',
    });
    expect(asked).toHaveLength(2);
  });

  it('that never ends is waited for until the deadline', async () => {
    const { guest } = guestThat(STARTED, { return: { exited: false } });
    const signal = deadlineSignal(100);
    await expect(runInGuest(guest, { ...program, signal })).rejects.toMatchObject({ name: 'AbortError' });
    expect(signal.aborted).toBe(true);
  });
});

describe('an agent', () => {
  it('answers with a result, and with nothing else', async () => {
    expect(await agentAnswers(guestThat({ return: {} }).guest)).toBe(true);
    for (const answer of [undefined, 'pong', { return: 1 }, { error: {} }])
      await expect(agentAnswers(guestThat(answer).guest)).rejects.toMatchObject({ code: 'CommandFailed' });
  });
});
