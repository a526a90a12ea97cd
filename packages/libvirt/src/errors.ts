/** libvirt's own error numbers (virErrorNumber) that callers tell apart. They never change. */
export const LIBVIRT_ERROR = {
  internal: 1,
  noSupport: 3,
  invalidArgument: 8,
  operationFailed: 9,
  missingName: 21,
  xml: 27,
  noDomain: 42,
  noNetwork: 43,
  operationInvalid: 55,
  noFilter: 62,
  configUnsupported: 67,
  operationTimeout: 68,
  argumentUnsupported: 74,
  agentUnresponsive: 86,
  xmlInvalidSchema: 92,
  noFilterBinding: 101,
} as const;

/** The daemon refused a call: `code`, `domain` and `level` are libvirt's. */
export class LibvirtError extends Error {
  readonly code: number;
  readonly domain: number;
  readonly level: number;

  constructor(message: string, numbers: { code: number; domain: number; level: number }) {
    super(message);
    this.name = 'LibvirtError';
    this.code = numbers.code;
    this.domain = numbers.domain;
    this.level = numbers.level;
  }
}

export type LibvirtConnectionCode =
  | 'ConnectFailed'
  | 'AuthUnsupported'
  | 'ConnectionLost'
  | 'Closed'
  | 'Timeout'
  | 'TooManyCalls'
  | 'StreamOverflow'
  | 'Protocol';

/**
 * The way to the daemon failed, not the call. After `ConnectionLost` and `Timeout` the call may still have
 * happened: look the object up before repeating it.
 */
export class LibvirtConnectionError extends Error {
  readonly code: LibvirtConnectionCode;

  constructor(code: LibvirtConnectionCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'LibvirtConnectionError';
    this.code = code;
  }
}

export function isLibvirtError(error: unknown, code: number): boolean {
  return error instanceof LibvirtError && error.code === code;
}
