import { existsSync } from 'node:fs';
import os from 'node:os';
import { MARK_VARIABLE } from '../layout.ts';
import type { MachineLayout } from '../layout.ts';

const PATH = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin';
const FROM_CLIENT = /^(LANG|LC_[A-Z]+|COLORTERM)$/;
const MAX_VALUE = 256;

export type Environment = Record<string, string>;

/** What a login starts from: nothing of the daemon's environment gets through. */
export function loginEnvironment(layout: MachineLayout): Environment {
  const user = os.userInfo().username;
  return {
    HOME: layout.home,
    USER: user,
    LOGNAME: user,
    SHELL: loginShell(),
    PATH,
    LANG: 'C.UTF-8',
    [MARK_VARIABLE]: layout.mark,
  };
}

/** True for the few variables that a client may set, as in the defaults of Debian's sshd. */
export function mayClientSet(name: string, value: string): boolean {
  return FROM_CLIENT.test(name) && value.length <= MAX_VALUE && !value.includes('\0');
}

export function loginShell(): string {
  return existsSync('/bin/bash') ? '/bin/bash' : '/bin/sh';
}
