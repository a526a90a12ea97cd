import { LibvirtConnectionError } from './errors.ts';
import { PROCEDURE } from './procedures.ts';
import { RpcConnection } from './rpc/connection.ts';
import type { CallOptions } from './rpc/connection.ts';
import { Libvirt } from './libvirt.ts';
import { XdrWriter } from './xdr/writer.ts';

export type ConnectOptions = {
  /** The daemon's socket; default that of the system's libvirtd. */
  socketPath?: string;
  /** Which hypervisor to drive; default "qemu:///system". "test:///default" is one in the daemon's memory. */
  uri?: string;
  /** How long connecting and each quick call may take; default 10 s. */
  timeoutMs?: number;
  signal?: AbortSignal;
};

export const DEFAULT_SOCKET = '/var/run/libvirt/libvirt-sock';
const DEFAULT_TIMEOUT_MS = 10_000;
const AUTH = { none: 0, polkit: 2 } as const;
/** VIR_DRV_FEATURE_PROGRAM_KEEPALIVE: tells the daemon that its pings will be answered. */
const FEATURE_KEEPALIVE = 10;

/** Connects, authenticates and opens a hypervisor. Throws `LibvirtConnectionError` or `LibvirtError`. */
export async function connectLibvirt(options: ConnectOptions = {}): Promise<Libvirt> {
  const timeoutMs = options.timeoutMs ?? DEFAULT_TIMEOUT_MS;
  const socketPath = options.socketPath ?? DEFAULT_SOCKET;
  const { signal } = options;
  const rpc = await RpcConnection.open({ socketPath, timeoutMs, callTimeoutMs: timeoutMs, signal });
  try {
    await authenticate(rpc, { signal });
    const feature = new XdrWriter().i32(FEATURE_KEEPALIVE);
    await rpc.call({ procedure: PROCEDURE.connectSupportsFeature, args: feature }, { signal });
    const open = new XdrWriter().optionalString(options.uri ?? 'qemu:///system').u32(0);
    await rpc.call({ procedure: PROCEDURE.connectOpen, args: open }, { signal });
  } catch (error) {
    rpc.close();
    throw error;
  }
  return new Libvirt(rpc);
}

async function authenticate(rpc: RpcConnection, options: CallOptions): Promise<void> {
  const offered = await rpc.call({ procedure: PROCEDURE.authList, args: new XdrWriter() }, options);
  const types = offered.array((reader) => reader.u32());
  if (types.length === 0 || types.includes(AUTH.none)) return;
  if (!types.includes(AUTH.polkit)) {
    const message = `libvirt wants authentication of type ${types.join(', ')}; only none and polkit are supported`;
    throw new LibvirtConnectionError('AuthUnsupported', message);
  }
  await rpc.call({ procedure: PROCEDURE.authPolkit, args: new XdrWriter() }, options);
}
