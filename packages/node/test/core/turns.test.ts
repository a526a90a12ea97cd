import { describe, expect, it } from 'vitest';
import { type Task, Turns } from '../../src/turns.ts';

/** Longer than a slice. */
function work(): void {
  const until = performance.now() + 3;
  while (performance.now() < until);
}

const turn = (): Promise<void> => new Promise((resolve) => void setImmediate(resolve));

describe('turns', () => {
  it('lets a source with one task go before those of another that came earlier', async () => {
    const turns = new Turns();
    const done: string[] = [];
    const task = (name: string) => (): void => {
      work();
      done.push(name);
    };
    const tasks = ['much 1', 'much 2', 'much 3', 'much 4'].map((name) => turns.run('much', task(name)));
    await Promise.all([...tasks, turns.run('little', task('little'))]);
    expect(done).toEqual(['much 1', 'little', 'much 2', 'much 3', 'much 4']);
  });

  it('lets the event loop go round after a slice', async () => {
    const turns = new Turns();
    let done = 0;
    const all = Array.from({ length: 20 }, () => turns.run('one', () => void ((done += 1), work())));
    const seen = new Set<number>();
    while (done < 20) {
      await turn();
      seen.add(done);
    }
    await Promise.all(all);
    expect(seen.size).toBeGreaterThanOrEqual(20);
  });

  it('begins nothing of a source that is forgotten', async () => {
    const turns = new Turns();
    const done: string[] = [];
    turns.add('gone', () => void done.push('gone'));
    turns.add('here', () => void done.push('here'));
    turns.forget('gone');
    await turns.run('here', () => undefined);
    expect(done).toEqual(['here']);
  });

  it('has one that comes again after it was forgotten wait behind the others, for what is new', async () => {
    const turns = new Turns();
    const done: string[] = [];
    const add = (source: string, name: string): void => turns.add(source, () => void done.push(name));
    add('again', 'old 1');
    add('again', 'old 2');
    add('other', 'other 1');
    turns.forget('again');
    add('again', 'new 1');
    add('again', 'new 2');
    add('other', 'other 2');
    await turns.run('again', () => undefined);
    expect(done).toEqual(['other 1', 'new 1', 'other 2', 'new 2']);
  });

  it('goes on with what a task leaves in the next turn of its source, before the rest of it', async () => {
    const turns = new Turns();
    const done: string[] = [];
    const steps =
      (left: number): Task =>
      () => {
        done.push(`step ${left}`);
        return left > 0 ? steps(left - 1) : undefined;
      };
    turns.add('long', steps(2));
    const rest = turns.run('long', () => void done.push('rest'));
    await Promise.all([rest, turns.run('other', () => void done.push('other'))]);
    expect(done).toEqual(['step 2', 'other', 'step 1', 'step 0', 'rest']);
  });

  it('does not go on with a source that is forgotten while one of its tasks runs', async () => {
    const turns = new Turns();
    const done: string[] = [];
    turns.add('gone', () => {
      turns.forget('gone');
      return () => void done.push('gone');
    });
    await turns.run('here', () => undefined);
    await turn();
    expect(done).toEqual([]);
  });

  it('answers what a task answers, and goes on behind one that fails', async () => {
    const turns = new Turns();
    const failing = turns.run('one', () => {
      throw new RangeError('too far');
    });
    const later = turns.run('one', () => Promise.resolve(7));
    await expect(failing).rejects.toThrow('too far');
    expect(await later).toBe(7);
  });
});
