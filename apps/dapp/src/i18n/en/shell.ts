export const shell = {
  common: { cancel: 'Cancel' },
  nav: { market: 'Market', machines: 'My machines', account: 'Account' },
  shell: {
    home: 'Hamster, to the market',
    nav: 'Main',
    skip: 'Skip to the content',
    theme: 'Colours: {mode}',
    themes: { system: 'as the system', light: 'light', dark: 'dark' },
    nodeSettings: 'Node settings',
    phase: {
      connecting: 'Connecting…',
      online: 'Connected',
      offline: 'Reconnecting…',
      failed: 'Not connected',
    },
    banner: {
      offline:
        'The connection to the node was lost. What you see may be out of date; the page is reconnecting by itself.',
      failed: 'Not connected to {url}. {reason} The page keeps trying.',
      other: 'Other node',
    },
    hour: 'A billed hour lasts {length} here',
  },
  node: {
    title: 'Node',
    url: 'Address of the node',
    hint: 'The page reads the chain from this node and sends your transactions to it. It never sees your keys.',
    odd: 'An address begins with ws:// or wss://, as in ws://127.0.0.1:9944.',
    state: 'Connection',
    chain: 'Chain',
    block: 'Latest block',
    use: 'Connect',
  },
  lost: {
    title: 'There is no such page',
    text: 'The address may be from an older version, or mistyped.',
    back: 'To the market',
  },
} as const;
