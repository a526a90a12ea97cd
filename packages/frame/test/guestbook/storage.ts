import { u64 } from '@hamster/scale';
import { agenda, palletStorage, twox64Concat } from '../../src/index.ts';
import { Entry, Task } from './types.ts';

const { value, map } = palletStorage('Guestbook');

export const Entries = map('Entries', { key: twox64Concat(u64), type: Entry, docs: ['What guests wrote.'] });
export const NextId = value('NextId', { type: u64, default: 1n });
export const Lifetime = value('Lifetime', { type: u64, default: 3_600_000n, docs: ['In ms.'] });
export const Agenda = agenda('Guestbook', Task);
