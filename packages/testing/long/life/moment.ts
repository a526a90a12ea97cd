import { fileURLToPath } from 'node:url';

/** A moment in the life of a daemon, by what it is about to do or has just done. */
export interface Moment {
  /** A file operation, the start of a program, a request to the node, or a call of libvirt. */
  readonly call: 'mkdir' | 'rename' | 'rm' | 'spawn' | 'send' | 'libvirt';
  readonly when: 'before' | 'after';
  /** A regular expression: of the path (a rename's new one), of the command line, of the request, or of the procedure's number. */
  readonly about: string;
  /** Which of these calls is meant; the first unless given. */
  readonly times?: number;
}

/** The environment in which a daemon kills itself at that moment. */
export function diesAt(moment: Moment): NodeJS.ProcessEnv {
  const preload = fileURLToPath(new URL('./die-at.ts', import.meta.url));
  return { NODE_OPTIONS: `--import ${preload}`, HAMSTER_DIES_AT: JSON.stringify(moment) };
}
