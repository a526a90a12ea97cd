import { toKey } from '../bytes.ts';
import type { Change } from '../trie/build.ts';
import { Entry } from './entry.ts';

/** Entries that are kept at hand; with one more all are forgotten. */
const MAX_SEEN = 32_768;

/** What a state holds, as far as somebody asked. One that many overlays share reads and decodes each entry once for all of them. */
export class Seen {
  #entries = new Map<string, Entry | undefined>();

  has(name: string): boolean {
    return this.#entries.has(name);
  }

  get(name: string): Entry | undefined {
    return this.#entries.get(name);
  }

  set(name: string, entry: Entry | undefined): void {
    if (this.#entries.size >= MAX_SEEN) this.#entries.clear();
    this.#entries.set(name, entry);
  }

  /** What is known of the state that `news` make of this one. This one knows nothing any more. */
  moveOn(news: Iterable<News>): Seen {
    const next = new Seen();
    [next.#entries, this.#entries] = [this.#entries, next.#entries];
    for (const [name, entry] of news) next.set(name, entry);
    return next;
  }
}

export type News = readonly [name: string, entry: Entry | undefined];

export const newsOf = ([key, value]: Change): News => [toKey(key), value && Entry.ofBytes(value)];
