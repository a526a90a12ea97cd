export const errors = {
  unknown: 'Something unexpected went wrong in the page. Reload it, and tell us if it happens again.',
  wallet: {
    WALLET_MISSING: 'This wallet is no longer in the browser. Is its extension switched on?',
    WALLET_SILENT: 'The wallet did not answer. Open it, look for a request of this page, and try again.',
    WALLET_REFUSED: 'The wallet did not let this page in. Allow it in the wallet’s settings, and try again.',
    WALLET_EMPTY: 'The wallet shows this page no account. Allow one in the wallet, and try again.',
    ACCOUNT_UNKNOWN: 'The chosen account is no longer there. Choose one again.',
  },
  chain: {
    CHAIN_UNREACHABLE: 'No node answers there. Is it running, and is the address right?',
    CHAIN_TIMEOUT: 'The node took too long to answer. Try again.',
    CHAIN_REPLACED: 'The node serves another chain than before. Reload the page.',
    NOT_A_HAMSTER_CHAIN: 'The node at this address serves a chain without this market.',
    OUTCOME_UNKNOWN:
      'The transaction was sent, but not seen in a block in time. Look at “My machines” before you try again.',
    SIGNING_REFUSED: 'The transaction was not signed, so nothing happened.',
    FEE_UNPAYABLE: 'The account cannot pay the network fee. Nothing was sent.',
    NONCE_TAKEN: 'Another transaction of this account was faster. Nothing was sent; try again.',
    TRANSACTION_EXPIRED: 'The transaction was signed too long ago. Nothing was sent; sign it again.',
    POOL_FULL: 'The chain is too busy right now. Nothing was sent; try again in a while.',
  },
  dispatch: {
    PriceTooHigh: 'The provider has just raised the price. Look at the new one, and try again.',
    InsufficientCapacity:
      'Somebody else has just taken this capacity. Choose a smaller machine, or another one.',
    ResourceNotOffered: 'The provider has just taken the machine off the market. Choose another one.',
    OfferEndsTooSoon: 'The provider does not offer the machine for so long. Choose fewer hours.',
    OwnResource: 'This is your own machine. Rent it with another account.',
    ImageNotOffered: 'The provider no longer offers this image. Choose another one.',
    InvalidSshKey: 'The chain does not take this SSH key. Use an ed25519 key.',
    InsufficientBalance: 'The account has not enough free money for this.',
    InsufficientStake:
      'The provider’s free stake does not cover a lease of this size. Choose fewer hours, a smaller machine, or another provider.',
    SpecTooSmall: 'The machine is smaller than this chain allows. Choose a larger one.',
    HoursOutOfRange: 'The chain does not allow a lease of so many hours.',
    OrderNotPending: 'The order has already been answered, or its time is over.',
    LeaseNotActive:
      'The machine does not report at present, so the lease cannot be changed. Try again later.',
    LeaseNotLive: 'The lease has already ended.',
    LeaseNotDisputable: 'The lease has ended, or is disputed already.',
    DisputedLately: 'This lease was disputed only lately. Wait a while before you dispute it again.',
    NoPanel: 'There is no validator who could decide this dispute. Ask those who run the network.',
    NotRenter: 'Only the account that rented the machine can do this. Switch to it.',
    NotParty: 'Only the account that rented the machine can do this. Switch to it.',
  },
} as const;
