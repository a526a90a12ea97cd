import { defineErrors } from '@hamster/frame';

export const errors = defineErrors('ResourceOrder', {
  OrderNotFound: 'There is no order with this id.',
  LeaseNotFound: 'There is no lease with this id.',
  NotRenter: 'Only the renter may do this.',
  NotProvider: 'Only the provider may do this.',
  NotParty: 'Only the renter and the provider of the lease may do this.',
  OrderNotPending: 'The order has been accepted, rejected or cancelled, or its time is over.',
  LeaseNotLive: 'The lease has ended, or its end is due in this block.',
  LeaseNotActive: 'The lease is not active: its machine does not report, or it is disputed.',
  ResourceNotFound: 'There is no machine with this id.',
  HoursOutOfRange: 'A lease lasts at least one hour, and at most as long as the parameters allow.',
  SpecTooSmall: 'A slice has at least the cores, memory and disk that the parameters name.',
  InsufficientCapacity: 'The machine has not enough free capacity.',
  ResourceNotOffered: 'The machine takes no orders now.',
  OfferEndsTooSoon: 'The machine is not offered for so long.',
  OwnResource: 'Providers can not rent their own machines.',
  PriceTooHigh: 'The price is higher than the highest that this call accepts.',
  ImageNotOffered: 'The machine does not offer this image.',
  InvalidSshKey:
    'An SSH public key is one line: ssh-ed25519, ecdsa-sha2-nistp256 or ssh-rsa, the key in base64, and a comment in ASCII if you like.',
  InvalidText: 'Text has to be UTF-8 without control characters and invisible ones.',
  InsufficientBalance: 'The account has not enough free money for the rent.',
  InsufficientStake: 'The provider has not enough free stake for the collateral of this lease.',
  TooManyReports: 'A heartbeat carries at most 64 reports.',
  TextTooLong: 'A text is longer than its field allows.',
  InvalidParameters: 'The rules can not work with these parameters.',
  TooManyPrices:
    'Eight other prices lie ahead of this lease: extend it at the last of them, or wait until one of them has begun.',
});
