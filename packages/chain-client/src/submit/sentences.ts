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
  'resourceOrder.TooManyPrices':
    'This lease was extended at other prices too often. Extend it again when an agreed stretch has begun, or rent anew.',
  'resourceOrder.TooManyReports': 'A heartbeat carries too many reports. Split it.',
  'resourceOrder.TextTooLong': 'A text is longer than the chain allows. Shorten it.',
  'provider.InsufficientBalance':
    'The account has not enough free money for this stake. Add money, or stake less.',
  'provider.InsufficientStake': 'The active stake is less than this amount. Look at the stake first.',
  'provider.StakeLocked': 'This stake still secures running leases. Wait until they end.',
  'provider.NothingToWithdraw': 'No stake has finished unbonding yet. Wait until it has.',
  'provider.TooManyResources':
    'This account offers as many machines as the chain allows. Remove one, or use another account.',
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
  'gateway.NotRegistered': 'This account has no gateway. Register one first.',
  'gateway.NotDropped': 'The gateway was not dropped, so there is nothing to reset.',
  'gateway.NotOnline': 'The gateway is offline already, or was dropped for its silence. Look at its status.',
  'gateway.NotOffline': 'The gateway has not gone offline. Nothing was changed.',
  'gateway.StillUnbonding':
    'The stake has not finished unbonding. The status of the gateway tells until when.',
  'gateway.NothingToWithdraw': 'No stake of this account is unbonding. Nothing was changed.',
  'gateway.NothingToClaim':
    'No reward of this gateway waits. An era must have ended in which it was online; look again later.',
  'arbitration.LeaseNotFound':
    'There is no such lease. Closed ones are forgotten after a while; list what there is.',
  'arbitration.NotRenter': 'Only the account that rents this machine may dispute it. Use that account.',
  'arbitration.LeaseNotDisputable':
    'The lease has ended or is disputed already. Nothing was changed; look at it again.',
  'arbitration.DisputedLately':
    'This lease was disputed only lately. Wait a while before you dispute it again.',
  'arbitration.NoPanel':
    'There is no validator who could decide this dispute. Ask those who run the network.',
  'arbitration.InsufficientBalance':
    'The account has not enough free money for the deposit of a dispute. Add money first.',
  'arbitration.DisputeNotFound':
    'There is no such dispute. Decided ones are forgotten after a while; list what there is.',
  'arbitration.NotOnPanel': 'Only the members of this dispute’s panel vote. Use the account of one of them.',
  'arbitration.CommitOver': 'The time to vote is over. Nothing was counted.',
  'arbitration.AlreadyCommitted': 'This account has voted already, and a vote cannot be changed.',
  'arbitration.RevealNotOpen':
    'Votes are shown between the end of voting and the decision. Look at the dispute for the times.',
  'arbitration.NotCommitted': 'This account did not vote in time, so it has nothing to show.',
  'arbitration.AlreadyRevealed': 'This account has shown its vote already.',
  'arbitration.CommitmentMismatch':
    'This is not the vote that was given. Use the same verdict, observations and salt as then.',
  'validators.NothingToClaim': 'No reward of this account waits. Look again when an era has ended.',
  'validators.AlreadyValidator': 'This account is a validator already. Nothing was changed.',
  'validators.NotValidator': 'This account is no validator. Look at the list of validators.',
  'validators.TooManyValidators': 'There are as many validators as the chain allows. Remove one first.',
  'validators.LastValidator': 'The last validator cannot be removed. Add another one first.',
  'validators.KeysInUse': 'Another validator has one of these keys. Use fresh ones.',
  'treasury.ZeroAmount': 'The amount is zero. Name how much to pay.',
  'treasury.InsufficientFunds': 'The treasury has not so much. Pay less.',
  'treasury.OwnAccount': 'The treasury cannot pay itself. Name another account.',
  'balances.InsufficientBalance': 'The account has not enough free money. Add money, or use less.',
  'balances.Expendability': 'The payment would leave the account with too little to exist. Send less.',
  'balances.ExistentialDeposit': 'The amount is too small for an account to exist with. Send more.',
  'sudo.RequireSudo': 'Only the chain’s sudo account may do this.',
  'token.FundsUnavailable': 'The account has not enough free money. Add money, or use less.',
  'token.BelowMinimum': 'The amount is too small for an account to exist with. Send more.',
  'token.NotExpendable': 'The payment would leave the account with too little to exist. Send less.',
  'system.BadOrigin': 'This account has not the right to do this.',
};
