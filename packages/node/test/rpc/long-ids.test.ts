import { describe, expect, it } from 'vitest';
import { readMessage, readRequest } from '../../src/rpc/protocol/request.ts';
import { LongId } from '../../src/rpc/protocol/response.ts';

const idsOf = (text: string): unknown[] => {
  const message = readMessage(Buffer.from(text), 128);
  if (message.kind !== 'single' && message.kind !== 'batch') throw new RangeError('no message');
  const entries = message.kind === 'single' ? [message.entry] : message.entries;
  return entries.map((entry) => {
    const id = readRequest(entry)?.id;
    return id instanceof LongId ? id.digits : id;
  });
};
const request = (id: string, params = '[]'): string =>
  `{"jsonrpc":"2.0","params":${params},"method":"m","id":${id}}`;

describe('ids of more digits than a number has', () => {
  it.each([
    [
      'beside others',
      `[${request('7')},5,${request('12345678901234567')}]`,
      [7, undefined, '12345678901234567'],
    ],
    ['not those of parameters', request('7', '[{"id":12345678901234567}]'), [7]],
    ['not a text that looks like one', request('"a\\":12345678901234567"'), ['a":12345678901234567']],
    ['up to those of 64 bits', request('18446744073709551615'), ['18446744073709551615']],
    ['not longer ones', request('18446744073709551616'), [undefined]],
    ['not a fraction', request('12345678901234567.5'), [undefined]],
    ['not a power', request('12345678901234567e1'), [undefined]],
    ['before a line break', request('12345678901234567\n'), ['12345678901234567']],
  ])('are kept, %s', (_what, text, ids) => {
    expect(idsOf(text)).toEqual(ids);
  });

  it('make a long message not much longer to read', () => {
    const params = `[${'0,'.repeat(100_000)}0]`;
    const [long, short] = ['12345678901234567', '7'].map((id) => quickest(() => idsOf(request(id, params))));
    expect(long).toBeLessThan(8 * (short ?? 0));
  });

  it('are not looked at any closer when they have millions of digits', () => {
    const message = readMessage(Buffer.from(request('9'.repeat(2_000_000))), 128);
    expect(message).toMatchObject({ kind: 'single', entry: { id: Infinity } });
  });
});

/** The time that this thread has worked: what others on the host do is not its. */
function quickest(action: () => void): number {
  const times = Array.from({ length: 5 }, () => {
    const start = process.threadCpuUsage();
    action();
    const { user, system } = process.threadCpuUsage(start);
    return user + system;
  });
  return Math.min(...times);
}
