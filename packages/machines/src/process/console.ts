import { Duplex } from 'node:stream';
import { MachineError } from '../errors.ts';
import type { MachineLayout } from './layout.ts';
import { loginEnvironment, loginShell } from './server/environment.ts';
import { canOpenTerminals, openTerminal } from './server/terminal.ts';

const SIZE = { rows: 24, columns: 80 };

/** What comes nearest to a serial console: a shell on a terminal of its own. Destroying the stream hangs up. */
export function openConsole(layout: MachineLayout): Duplex {
  if (!canOpenTerminals()) {
    throw new MachineError('HostUnfit', 'consoles need /usr/bin/script: install the package bsdutils');
  }
  const { child } = openTerminal({
    size: SIZE,
    term: 'xterm',
    command: `exec ${loginShell()} -l`,
    cwd: layout.home,
    env: loginEnvironment(layout),
  });
  const console = Duplex.from({ readable: child.stdout, writable: child.stdin });
  console.once('close', () => child.kill('SIGHUP'));
  // A shell that cannot be started ends both pipes, which is how a reader learns of it.
  child.once('error', () => console.destroy());
  return console;
}
