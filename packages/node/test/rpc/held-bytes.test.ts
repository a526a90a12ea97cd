import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { HeldBytes } from '../../src/rpc/server/held-bytes.ts';

class Client {
  isDropped = false;
  readonly bytes: number;

  constructor(bytes: number) {
    this.bytes = bytes;
  }

  held(): number {
    return this.bytes;
  }

  terminate(): void {
    this.isDropped = true;
  }
}

describe('what is kept for all clients', () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  const start = (...sizes: number[]): { held: HeldBytes; dropped: () => boolean[]; lines: object[] } => {
    const lines: object[] = [];
    const log = { warn: (details: object) => void lines.push(details), error: () => undefined };
    const held = new HeldBytes({ heldBytes: 800 }, log);
    const clients = sizes.map((size) => new Client(size));
    for (const client of clients) held.add(client);
    return { held, lines, dropped: () => clients.map(({ isDropped }) => isDropped) };
  };

  it('is looked at when an eighth of the bound has come, however fast that was', () => {
    const { held, dropped } = start(500, 400);
    held.grew(99);
    expect(dropped()).toEqual([false, false]);
    held.grew(1);
    expect(dropped()).toEqual([true, false]);
  });

  it('counts who was dropped no more, though the connection has not closed yet', () => {
    const { held, dropped } = start(500, 400);
    held.grew(100);
    held.grew(100);
    expect(dropped()).toEqual([true, false]);
  });

  it('tells the log once in a while of all that were dropped', () => {
    const { held, lines } = start(900, 100);
    held.grew(100);
    for (let index = 0; index < 3; index++) {
      held.add(new Client(1_000 + index));
      held.grew(100);
    }
    expect(lines).toEqual([{ dropped: 1 }]);
    vi.advanceTimersByTime(10_000);
    expect(lines).toEqual([{ dropped: 1 }, { dropped: 3 }]);
    vi.advanceTimersByTime(60_000);
    expect(lines).toHaveLength(2);
  });
});
