import { MachineError } from '../errors.ts';

/** What became of a program in the guest. */
export type ProgramState = { ended: false } | { ended: true; code: number };

const MAX_PID = 2 ** 32;
const MAX_CODE = 255;
/** What POSIX shells say of a program that a signal ended. */
const SIGNAL_BASE = 128;

/**
 * The answers of QEMU's guest agent (qga/qapi-schema.json). They come from inside the machine, where its renter may have
 * put anything in the agent's place: what is none of the protocol is an error and never a default.
 */
export function readPong(answer: unknown): void {
  returned(answer, 'guest-ping');
}

/** {"return": {"pid": 7}} → 7 */
export function readPid(answer: unknown): number {
  const pid = returned(answer, 'guest-exec').get('pid');
  if (isWhole(pid, MAX_PID) && pid > 0) return pid;
  throw strange('guest-exec', 'no process');
}

/** {"return": {"exited": true, "exitcode": 0}}, or "signal" for one that was killed. */
export function readProgramState(answer: unknown): ProgramState {
  const fields = returned(answer, 'guest-exec-status');
  const [exited, code, signal] = ['exited', 'exitcode', 'signal'].map((name) => fields.get(name));
  if (exited === false) return { ended: false };
  if (exited === true && isWhole(code, MAX_CODE)) return { ended: true, code };
  if (exited === true && isWhole(signal, MAX_CODE)) return { ended: true, code: SIGNAL_BASE + signal };
  throw strange('guest-exec-status', 'neither that the program runs nor how it ended');
}

function returned(answer: unknown, command: string): Map<string, unknown> {
  const value = fieldsOf(answer)?.get('return');
  const fields = fieldsOf(value);
  if (fields) return fields;
  throw strange(command, 'no result');
}

function fieldsOf(value: unknown): Map<string, unknown> | undefined {
  const isObject = typeof value === 'object' && value !== null && !Array.isArray(value);
  return isObject ? new Map(Object.entries(value)) : undefined;
}

function isWhole(value: unknown, max: number): value is number {
  return typeof value === 'number' && Number.isInteger(value) && value >= 0 && value <= max;
}

// Without the answer: what a renter wrote does not belong into the provider's log.
function strange(command: string, what: string): MachineError {
  return new MachineError('CommandFailed', `the guest's agent answered ${command} with ${what}`);
}
