/**
 * What to tell a person when the chain refuses a call: what is wrong and what to do next.
 * Names are as on chain: camelCase pallet, then error.
 */
export const SENTENCES: Readonly<Record<string, string>> = {
  'resourceOrder.OrderNotFound':
    'There is no such order. Closed ones are forgotten after a while; list what there is.',
  'resourceOrder.LeaseNotFound':
    'There is no such lease. Closed ones are forgotten after a while; list what there is.',
  'resourceOrder.NotRenter': 'Only the account that rents this machine may do this. Use that account.',
  'resourceOrder.NotProvider': 'Only the account that offers this machine may do this. Use that account.',
  'resourceOrder.NotParty':
    'Only the renter and the provider of this lease may do this. Use one of these accounts.',
  'resourceOrder.OrderNotPending':
    'The order has been answered, cancelled or has run out already. Look at it again.',
  'resourceOrder.LeaseNotLive': 'The lease has ended already. Nothing was changed.',
  'resourceOrder.LeaseNotActive':
    'The machine does not report at present, so the lease cannot be changed. Try again when it is back.',
  'resourceOrder.ResourceNotFound': 'This machine has left the market. Choose another one.',
  'resourceOrder.HoursOutOfRange':
    'The chain does not allow a lease of so many hours. Choose fewer, and at least one.',
  'resourceOrder.SpecTooSmall':
    'The chain does not allow so small a machine. Ask for more cores, memory or disk.',
  'resourceOrder.InsufficientCapacity':
    'Someone else was faster: the machine has not enough left. Choose a smaller slice or another machine.',
  'resourceOrder.ResourceNotOffered': 'The machine takes no orders now. Choose another one.',
  'resourceOrder.OfferEndsTooSoon':
    'The machine is not offered for so long. Choose fewer hours or another machine.',
  'resourceOrder.OwnResource':
    'A provider cannot rent its own machine. Use another account or another machine.',
  'resourceOrder.PriceTooHigh':
    'The provider raised its price in the meantime, so nothing was ordered. Look at the new price first.',
  'resourceOrder.ImageNotOffered': 'The machine does not offer this image. Choose one of its images.',
  'resourceOrder.InvalidSshKey':
    'This is no SSH public key that the chain takes: use one line of ssh-ed25519, ecdsa-sha2-nistp256 or ssh-rsa.',
  'resourceOrder.InsufficientBalance':
    'The account has not enough free money for the whole rent. Add money, or choose fewer hours.',
  'resourceOrder.InsufficientStake':
    'The provider has too little free stake for the collateral of this lease. It must stake more, or the order be smaller.',
  'resourceOrder.TooManyReports': 'A heartbeat carries too many reports. Split it.',
  'resourceOrder.TextTooLong': 'A text is longer than the chain allows. Shorten it.',
  'provider.InsufficientBalance':
    'The account has not enough free money for this stake. Add money, or stake less.',
  'provider.InsufficientStake': 'The active stake is less than this amount. Look at the stake first.',
  'provider.StakeLocked': 'This stake still secures running leases. Wait until they end.',
  'provider.NothingToWithdraw': 'No stake has finished unbonding yet. Wait until it has.',
  'provider.HasLiveLeases':
    'The machine still has orders or leases. Set it to Draining and wait until they end.',
  'provider.CapacityBelowAllocated':
    'More than this is leased at present. Keep at least as much, or wait until leases end.',
  'provider.AvailabilityBelowLease': 'A lease lasts longer than that. Choose a later end.',
  'gateway.InsufficientBalance':
    'The account has not enough free money for this stake. Add money, or stake less.',
  'gateway.InsufficientStake': 'The stake is less than a gateway needs. Stake more.',
  'gateway.AlreadyRegistered': 'This account has a gateway already. Use another account for a second one.',
  'gateway.CoolingDown': 'A dropped gateway has to wait before it may come back. Try again later.',
  'balances.InsufficientBalance': 'The account has not enough free money. Add money, or use less.',
  'balances.Expendability': 'The payment would leave the account with too little to exist. Send less.',
  'balances.ExistentialDeposit': 'The amount is too small for an account to exist with. Send more.',
  'sudo.RequireSudo': 'Only the chain’s sudo account may do this.',
  'token.FundsUnavailable': 'The account has not enough free money. Add money, or use less.',
  'token.BelowMinimum': 'The amount is too small for an account to exist with. Send more.',
  'token.NotExpendable': 'The payment would leave the account with too little to exist. Send less.',
  'system.BadOrigin': 'This account has not the right to do this.',
};
