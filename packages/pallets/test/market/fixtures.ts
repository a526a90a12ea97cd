import type { AccountId } from '@hamster/frame';

export const HAM = 10n ** 12n;
export const EXISTENTIAL_DEPOSIT = HAM / 1000n;
export const SECOND = 1_000n;
export const MINUTE = 60n * SECOND;
export const HOUR = 60n * MINUTE;
export const DAY = 24n * HOUR;

export const account = (byte: number): AccountId => new Uint8Array(32).fill(byte);

export const ALICE = account(0xa1);
export const BOB = account(0xb0);
export const CHARLIE = account(0xc4);
export const DAVE = account(0xda);
export const PEOPLE = [ALICE, BOB, CHARLIE, DAVE];
/** Not among the people who rent and let. */
export const EVE = account(0xe5);
export const FRANK = account(0xf6);
export const GRACE = account(0x67);
export const VALIDATORS = [EVE, FRANK, GRACE];
/** Have nothing at first: accounts that come and go. */
export const STRANGERS = [account(0x42), account(0x43)];
export const POTS = { gateways: account(1), validators: account(2), treasury: account(3) };

export const utf8 = (text: string): Uint8Array => new TextEncoder().encode(text);

export const PEER_ID = utf8('12D3KooWQYV9dGMFoRzNStwpXztXaBUjtPqi6aU76ZgUriHhKust');
export const OTHER_PEER_ID = utf8('QmYyQSo1c1Ym7orWxLYvCrM2EmxFTANf8wXmmE7DWjhx5N');
export const IMAGE = utf8('debian-13');

const keyOf = (byte: number): Uint8Array => {
  const head = [0, 0, 0, 11, ...utf8('ssh-ed25519'), 0, 0, 0, 32];
  return utf8(`ssh-ed25519 ${btoa(String.fromCharCode(...head, ...new Uint8Array(32).fill(byte)))}`);
};
export const SSH_KEY = keyOf(7);
export const HOST_KEY = keyOf(9);

/** 25 HAM an hour for SMALL. */
export const PRICES = { cpu_core_hour: 10n * HAM, memory_gib_hour: 2n * HAM, disk_gib_hour: HAM / 10n };
export const CAPACITY = { cpu_cores: 8, memory_mib: 16_384, disk_gib: 200, gpus: 0 };
export const SMALL = { cpu_cores: 2, memory_mib: 2_048, disk_gib: 10 };
export const PRICE = 25n * HAM;
