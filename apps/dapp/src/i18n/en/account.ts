export const account = {
  account: {
    title: 'Account',
    address: 'Address',
    balance: 'Balance',
    free: 'Free to spend',
    held: 'Held',
    heldText:
      'Held money is yours, but set aside by the chain. Rent flows from it as machines run, and what is not used becomes free again.',
    otherHolds: 'Stakes and deposits',
    switch: 'Switch account',
    from: 'from {wallet}',
    failed: 'The balance could not be read',
    none: {
      title: 'No account is connected',
      text: 'Connect a wallet to see its balance, to rent machines and to look after them.',
    },
  },
} as const;
