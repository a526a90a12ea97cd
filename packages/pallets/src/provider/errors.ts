import { defineErrors } from '@hamster/frame';

export const errors = defineErrors('Provider', {
  ResourceNotFound: 'There is no machine with this id.',
  NotResourceOwner: 'Only the provider that registered the machine may do this.',
  ZeroAmount: 'The amount is zero.',
  InsufficientBalance: 'The account has not enough free money to hold this stake.',
  InsufficientStake: 'The active stake is less than this amount.',
  StakeLocked: 'All of the stake that has unbonded still secures leases; wait until they end.',
  TooManyUnbonding:
    'Too many amounts unbond at the same time; withdraw what is due, or wait for the next one.',
  NothingToWithdraw: 'No stake has finished unbonding.',
  CapacityZero: 'A machine has at least one core, and some memory and disk.',
  CapacityBelowAllocated: 'More than this capacity is leased or ordered now.',
  GpuNotSupported: 'GPUs can not be offered yet: set gpus to 0.',
  AvailabilityInPast: 'The machine has to be available until a moment in the future.',
  AvailabilityTooFar: 'The machine can not be offered so far ahead.',
  AvailabilityBelowLease: 'A lease or an order of this machine lasts longer.',
  TooManyImages: 'A machine offers at most 16 images.',
  NoImages: 'A machine offers at least one image.',
  InvalidImage:
    'An image name has letters, digits and . _ : @ + - / only, and begins with a letter or a digit.',
  InvalidPeerId: 'This is no libp2p peer id in base58.',
  InvalidText: 'Text has to be UTF-8 without control characters and invisible ones.',
  TextTooLong: 'A text is longer than its field allows.',
  InsufficientCapacity: 'The machine has not enough free capacity.',
  HasLiveLeases: 'Leases or orders of this machine are running; set it to Draining and wait until they end.',
  InvalidMaintenance: 'Maintenance has to be announced in time, be short enough, and not come too often.',
  InvalidParameters: 'The rules can not work with these parameters.',
  TooManyResources:
    'A provider has at most 1024 machines: remove one that is not needed, or register with another account.',
});
