/** What of a daemon's answers the page uses. */
export interface DaemonStatus {
  readonly version: string;
  readonly genesisHash: string;
  /** The account whose machines it reaches. */
  readonly address: string;
}

export interface DaemonLease {
  readonly connection: 'connecting' | 'connected' | 'unreachable';
  /** Why it is not connected. */
  readonly why: string | undefined;
}

export interface DaemonForward {
  readonly id: string;
  readonly lease: number;
  /** Port of this computer, on 127.0.0.1. */
  readonly local: number;
  /** Port of the machine. */
  readonly remote: number;
  /** Why the last connection did not get through. */
  readonly trouble: string | undefined;
}

type Fields = Readonly<Record<string, unknown>>;

/** Each reads an answer; `undefined` when it is not what this page understands. */
export function readStatus(answer: unknown): DaemonStatus | undefined {
  const { version, genesisHash, address } = fieldsOf(answer);
  if (!isText(version) || !isText(genesisHash) || !isText(address)) return undefined;
  return { version, genesisHash, address };
}

export function readLease(answer: unknown): DaemonLease | undefined {
  const { connection, why } = fieldsOf(answer);
  if (connection !== 'connecting' && connection !== 'connected' && connection !== 'unreachable')
    return undefined;
  return { connection, why: isText(why) ? why : undefined };
}

export function readForward(answer: unknown): DaemonForward | undefined {
  const { id, lease, local, remote, trouble } = fieldsOf(answer);
  if (!isText(id) || !isWhole(lease) || !isWhole(local) || !isWhole(remote)) return undefined;
  return { id, lease, local, remote, trouble: isText(trouble) ? trouble : undefined };
}

export function readForwards(answer: unknown): DaemonForward[] | undefined {
  if (!Array.isArray(answer)) return undefined;
  const forwards = answer.map(readForward);
  return forwards.every((one) => one !== undefined) ? forwards : undefined;
}

export function readCommand(answer: unknown): string | undefined {
  const { command } = fieldsOf(answer);
  return isText(command) ? command : undefined;
}

export function readProof(answer: unknown): { readonly proof: string | undefined } | undefined {
  const { status, proof } = fieldsOf(answer);
  return status === 'up' ? { proof: isText(proof) ? proof : undefined } : undefined;
}

/** What a daemon says of a request that it refused. */
export function readRefusal(answer: unknown): { readonly code: string; readonly message: string } {
  const { code, message } = fieldsOf(answer);
  return { code: isText(code) ? code : '', message: isText(message) ? message : '' };
}

function fieldsOf(answer: unknown): Fields {
  return typeof answer === 'object' && answer !== null ? (answer as Fields) : {};
}

function isText(value: unknown): value is string {
  return typeof value === 'string';
}

function isWhole(value: unknown): value is number {
  return Number.isSafeInteger(value);
}
