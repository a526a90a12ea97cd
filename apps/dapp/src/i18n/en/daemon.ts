export const daemon = {
  title: 'Daemon on this computer',
  panel: {
    title: 'Ports on this computer',
    text: 'The Hamster daemon opens ports here that lead to the machine: for ssh in any program, web pages, databases, a remote desktop. Start it on this computer, and open the link that it prints:',
    clone: 'From a clone of the project, with the account and chain that you use there:',
    connect: 'Connect by hand',
    looking: 'Looking for the daemon…',
    failed: 'The daemon cannot be used',
    retry: 'Try again',
    change: 'Connect anew',
    forget: 'Disconnect',
    at: 'Daemon {version} at {url}',
    way: {
      connecting: 'Finding the way',
      connected: 'Machine reached',
      unreachable: 'Machine not reached',
    },
    otherAccount:
      'The daemon serves the account {address}, which does not rent this machine. Start it with this machine’s account.',
    expected: 'A lease that has just begun is seen within half a minute.',
  },
  forward: {
    ssh: 'Open ssh',
    none: 'No port leads to this machine yet.',
    leads: 'leads to port {port}',
    address: 'Address on this computer',
    command: 'ssh command',
    commandText:
      'For any terminal here. The machine’s key is checked against the chain, and nothing is asked.',
    browse: 'Open in the browser',
    close: 'Close',
    closeLabel: 'Close the port {port}',
    trouble: 'The last connection did not get through',
    machinePort: 'Port of the machine',
    localPort: 'Port here',
    any: 'any free',
    open: 'Forward',
    odd: 'A port is a whole number from 1 to 65535.',
    failed: 'That did not work',
    kept: 'Open ports stay when this page is closed, come back with the daemon, and close when the lease ends.',
  },
  dialog: {
    title: 'Connect to the daemon',
    url: 'Address',
    token: 'Token',
    tokenHint: 'It is in the file daemon/api.token of your Hamster folder, most often ~/.hamster.',
    stay: 'Stay connected in this browser',
    stayText:
      'Otherwise the page forgets the token with this tab. Whoever has it can open ports through your daemon, but gets no key.',
    tabText:
      'The page forgets the token with this tab. Whoever has it can open ports through your daemon, but gets no key.',
    oddUrl: 'Only a daemon of this very computer can be used: http://127.0.0.1 and its port.',
    oddToken: 'This is no token: it has at least 32 letters, digits, - and _.',
    connect: 'Connect',
    failed: 'Not connected',
  },
  page: {
    connecting: 'Connecting to the daemon…',
    done: 'Connected',
    doneText:
      'This page can now open ports of this computer that lead to your machines. It forgets the token when the tab is closed.',
    none: 'No daemon is connected',
    noneText: 'Open the link that this command prints, or connect by hand on the page of a machine:',
    noLink: 'This is no link of a daemon. Open it as `hamster daemon --page` printed it, whole.',
    machines: 'My machines',
  },
  problems: {
    insecure:
      'This page came by plain http from another computer; browsers let such pages use no daemon. Open it by https, or from this computer.',
    away: 'Nothing answers at {url}. Allow this page to reach this computer, if the browser asks; Safari does not let https pages do so. Start the daemon with: {command}',
    foreign: 'Something answers at {url}, but it does not let this page in. Start the daemon with: {command}',
    stranger: 'What answers at {url} is no Hamster daemon. Look at the address that the daemon printed.',
    token:
      'The daemon at {url} has another token. Copy it anew from the file that the daemon names when it starts.',
    old: 'The daemon at {url} is too old for this page, or too new. Update whichever is older.',
    otherChain:
      'The daemon at {url} works on another chain than this page. Start it with --chain and the node of this page.',
    refused: 'The daemon refused, and did not say why. Its log may tell.',
  },
} as const;
