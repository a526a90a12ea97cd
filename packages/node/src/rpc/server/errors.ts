/** The server could not start. The operator's to solve: the message says how. */
export class RpcListenError extends Error {
  override readonly name = 'RpcListenError';
  readonly code: 'RPC_PORT_IN_USE' | 'RPC_PORT_FORBIDDEN' | 'RPC_LISTEN_FAILED';

  constructor(code: RpcListenError['code'], message: string, cause: unknown) {
    super(message, { cause });
    this.code = code;
  }
}

/** What a failed `listen` means for the operator. */
export function listenError(error: NodeJS.ErrnoException, host: string, port: number): RpcListenError {
  const where = `${host}:${port}`;
  switch (error.code) {
    case 'EADDRINUSE': {
      const message = `Port ${port} on ${host} is in use. Stop the program that uses it, or choose another port.`;
      return new RpcListenError('RPC_PORT_IN_USE', message, error);
    }
    case 'EACCES': {
      const message = `This user may not listen on ${where}. Choose a port above 1023.`;
      return new RpcListenError('RPC_PORT_FORBIDDEN', message, error);
    }
    default:
      return new RpcListenError('RPC_LISTEN_FAILED', `Cannot listen on ${where}: ${error.message}`, error);
  }
}
