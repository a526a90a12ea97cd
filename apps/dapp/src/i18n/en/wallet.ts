export const wallet = {
  connect: 'Connect',
  chosen: 'Account: {name}',
  chooseAccount: 'Choose an account',
  extensions: 'Wallets in this browser',
  extension: 'Browser extension',
  asking: 'Confirm in the wallet’s window…',
  none: {
    title: 'No wallet found in this browser',
    text: 'Install a polkadot.js-compatible extension, such as Talisman or SubWallet, and look again.',
  },
  look: 'Look again',
  development: 'Development accounts',
  developmentHint: 'Alice, Bob and others, signed in this page',
  developmentAccount: 'Development account',
  developmentWarning:
    'Everybody knows the keys of development accounts. They are worth nothing outside of this chain.',
  promise: 'The page never sees the keys in your wallet: it asks, and the wallet signs.',
  accounts: 'Accounts',
  unnamed: 'Unnamed account',
  other: 'Another wallet',
  disconnect: 'Disconnect',
} as const;
