import { defineErrors } from '@hamster/frame';

export const errors = defineErrors('Gateway', {
  NotRegistered: 'This account has no gateway.',
  AlreadyRegistered: 'This account has a gateway already.',
  InsufficientBalance: 'The account has not enough free money to hold this stake.',
  InsufficientStake: 'The stake is less than a gateway needs.',
  NotOnline: 'The gateway is offline, or was dropped for its silence.',
  NotOffline: 'The gateway has not gone offline.',
  NotDropped: 'The gateway was not dropped.',
  CoolingDown: 'A dropped gateway has to wait before it may come back.',
  StillUnbonding: 'The stake has not finished unbonding.',
  NothingToWithdraw: 'No stake of this account is unbonding.',
  NoMultiaddrs: 'A gateway has at least one address.',
  TooManyMultiaddrs: 'A gateway has at most 8 addresses.',
  InvalidMultiaddr: 'This is no multiaddress.',
  InvalidPeerId: 'This is no libp2p peer id in base58.',
  InvalidText: 'Text has to be UTF-8 without control characters and invisible ones.',
  TextTooLong: 'A text is longer than its field allows.',
  InvalidParameters: 'The rules can not work with these parameters.',
  NothingToClaim: 'No reward of this account waits: eras that ended lately are claimed already, or had none.',
});
