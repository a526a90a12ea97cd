import { PROCEDURE } from '../procedures.ts';
import type { CallOptions, RpcConnection } from '../rpc/connection.ts';
import type { XdrReader } from '../xdr/reader.ts';
import { XdrWriter } from '../xdr/writer.ts';
import { parseUuid, readDomain, writeDomain } from './references.ts';
import type { DomainRef } from './references.ts';

/** virDomainState, in its order. */
const STATES = [
  'none',
  'running',
  'blocked',
  'paused',
  'shutting-down',
  'shut-off',
  'crashed',
  'suspended',
] as const;

export type DomainState = (typeof STATES)[number] | 'unknown';

export type DomainInfo = {
  state: DomainState;
  maxMemoryKib: bigint;
  memoryKib: bigint;
  vcpus: number;
  cpuTimeNs: bigint;
};

const VALIDATE_XML = 1;
// MANAGED_SAVE | SNAPSHOTS_METADATA, without which a domain that has them is refused. Not every hypervisor knows more.
const UNDEFINE_ALL = 1 | 2;
const INACTIVE_XML = 2;
/** Starting and stopping wait for QEMU and firewall rules; the first definition for QEMU to tell what it can. */
const SLOW_CALL_MS = 90_000;

/** Virtual machines. Methods throw `LibvirtError` with libvirt's code, e.g. 42 when there is no such domain. */
export class Domains {
  readonly #rpc: RpcConnection;

  constructor(rpc: RpcConnection) {
    this.#rpc = rpc;
  }

  /** Makes or replaces the definition after checking it against libvirt's schema; does not start it. */
  async define(xml: string, options?: CallOptions): Promise<DomainRef> {
    const args = new XdrWriter().string(xml).u32(VALIDATE_XML);
    return readDomain(await this.#slow(PROCEDURE.domainDefineXmlFlags, args, options));
  }

  /** Starts a domain that vanishes when it stops. */
  async create(xml: string, options?: CallOptions): Promise<DomainRef> {
    const args = new XdrWriter().string(xml).u32(0);
    return readDomain(await this.#slow(PROCEDURE.domainCreateXml, args, options));
  }

  async start(domain: DomainRef, options?: CallOptions): Promise<DomainRef> {
    return readDomain(await this.#slow(PROCEDURE.domainCreateWithFlags, withFlags(domain), options));
  }

  /** Pulls the plug. */
  async destroy(domain: DomainRef, options?: CallOptions): Promise<void> {
    await this.#slow(PROCEDURE.domainDestroyFlags, withFlags(domain), options);
  }

  async undefine(domain: DomainRef, options?: CallOptions): Promise<void> {
    await this.#slow(PROCEDURE.domainUndefineFlags, withFlags(domain, UNDEFINE_ALL), options);
  }

  /** Asks the guest to power off; returns at once. */
  async shutdown(domain: DomainRef, options?: CallOptions): Promise<void> {
    await this.#on(PROCEDURE.domainShutdownFlags, withFlags(domain), options);
  }

  /** Asks the guest to reboot; returns at once. */
  async reboot(domain: DomainRef, options?: CallOptions): Promise<void> {
    await this.#on(PROCEDURE.domainReboot, withFlags(domain), options);
  }

  /** Presses the reset button. */
  async reset(domain: DomainRef, options?: CallOptions): Promise<void> {
    await this.#on(PROCEDURE.domainReset, withFlags(domain), options);
  }

  async suspend(domain: DomainRef, options?: CallOptions): Promise<void> {
    await this.#on(PROCEDURE.domainSuspend, bare(domain), options);
  }

  async resume(domain: DomainRef, options?: CallOptions): Promise<void> {
    await this.#on(PROCEDURE.domainResume, bare(domain), options);
  }

  async lookupByName(name: string, options?: CallOptions): Promise<DomainRef> {
    return readDomain(await this.#on(PROCEDURE.domainLookupByName, new XdrWriter().string(name), options));
  }

  async lookupByUuid(uuid: string, options?: CallOptions): Promise<DomainRef> {
    const args = new XdrWriter().fixed(parseUuid(uuid));
    return readDomain(await this.#on(PROCEDURE.domainLookupByUuid, args, options));
  }

  /** All domains, running or not. */
  async list(options?: CallOptions): Promise<DomainRef[]> {
    const args = new XdrWriter().i32(1).u32(0);
    return (await this.#on(PROCEDURE.connectListAllDomains, args, options)).array(readDomain);
  }

  async info(domain: DomainRef, options?: CallOptions): Promise<DomainInfo> {
    const reader = await this.#on(PROCEDURE.domainGetInfo, bare(domain), options);
    return {
      state: STATES[reader.u32()] ?? 'unknown',
      maxMemoryKib: reader.u64(),
      memoryKib: reader.u64(),
      vcpus: reader.u32(),
      cpuTimeNs: reader.u64(),
    };
  }

  /** The domain's XML; `inactive` asks for what the next start will use. */
  async xml(
    domain: DomainRef,
    { inactive = false, ...options }: CallOptions & { inactive?: boolean } = {},
  ): Promise<string> {
    const args = withFlags(domain, inactive ? INACTIVE_XML : 0);
    return (await this.#on(PROCEDURE.domainGetXmlDesc, args, options)).string();
  }

  #on(procedure: number, args: XdrWriter, options?: CallOptions): Promise<XdrReader> {
    return this.#rpc.call({ procedure, args }, options);
  }

  #slow(procedure: number, args: XdrWriter, options: CallOptions = {}): Promise<XdrReader> {
    return this.#on(procedure, args, { ...options, timeoutMs: options.timeoutMs ?? SLOW_CALL_MS });
  }
}

function bare(domain: DomainRef): XdrWriter {
  return writeDomain(new XdrWriter(), domain);
}

function withFlags(domain: DomainRef, flags = 0): XdrWriter {
  return bare(domain).u32(flags);
}
