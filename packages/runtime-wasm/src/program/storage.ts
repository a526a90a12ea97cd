import { storagePrefix } from '@hamster/frame';
import { call, i32, i64, span, type WasmModule } from '../emit/index.ts';
import type { Basics } from './basics.ts';
import type { Host } from './host.ts';

export const ACCOUNT_LENGTH = 32;
export const HASH_LENGTH = 32;
const PREFIX_LENGTH = 32;

/** The entries of the state that the program reads. */
export const storage = (module: WasmModule, host: Host, { copy }: Basics) => {
  const { memory } = module;
  const valueAt = module.global('i32');
  const valueLength = module.global('i32');

  /** Address and length of a key → whether there is an entry; then `valueAt` and `valueLength` say where. */
  const get = module.function(['i32', 'i32'], 'i32', (body, key, length) => {
    const found = body.long(call(host.storageGet, span(key, length)));
    const start = body.word(i32.low(found));
    body.if(i32.not(i32.load8(start)), () => body.return(0));
    // Behind the 1 of `Some` there is the length in compact form: 1, 2 or 4 bytes by its lowest bits.
    const header = body.word(i32.add(i32.shl(1, i32.and(i32.load8(start, 1), 3)), 1));
    body.set(valueAt, i32.add(start, header));
    body.set(valueLength, i32.sub(i32.low(i64.shr(found, 32n)), header));
    body.return(1);
  });

  const keyOf = (pallet: string, item: string, room: number): number => {
    const key = new Uint8Array(PREFIX_LENGTH + room);
    key.set(storagePrefix(pallet, item));
    return memory.data(key);
  };

  const accountKey = keyOf('System', 'Account', 16 + ACCOUNT_LENGTH);
  /** Address of an account id → whether there is an entry of `System.Account`. */
  const account = module.function(['i32'], 'i32', (body, who) => {
    const hash = call(host.blake2b128, span(who, ACCOUNT_LENGTH));
    body.run(call(copy, accountKey + PREFIX_LENGTH, hash, 16));
    body.run(call(copy, accountKey + PREFIX_LENGTH + 16, who, ACCOUNT_LENGTH));
    body.return(call(get, accountKey, PREFIX_LENGTH + 16 + ACCOUNT_LENGTH));
  });

  const blockHashKey = keyOf('System', 'BlockHash', 12);
  /** Number → whether there is an entry of `System.BlockHash`. */
  const blockHash = module.function(['i32'], 'i32', (body, number) => {
    const place = blockHashKey + PREFIX_LENGTH;
    body.store32(place + 8, number);
    body.run(call(copy, place, call(host.twox64, span(place + 8, 4)), 8));
    body.return(call(get, blockHashKey, PREFIX_LENGTH + 12));
  });

  /** An entry without a key of its own. Its address → whether it is there. */
  const plain = (pallet: string, item: string) => call(get, keyOf(pallet, item, 0), PREFIX_LENGTH);

  const numberEntry = plain('System', 'Number');
  /** The number of the block that this state belongs to. */
  const blockNumber = module.function([], 'i32', (body) => {
    body.if(numberEntry, () => body.return(i32.load(valueAt)));
    body.return(0);
  });

  return { valueAt, valueLength, account, blockHash, blockNumber, plain };
};

export type Storage = ReturnType<typeof storage>;
