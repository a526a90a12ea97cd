import { PROCEDURE } from '../procedures.ts';
import type { CallOptions, Rpc } from '../rpc/connection.ts';
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

/** Which of a domain's two lives a change goes to: the one that runs, the one that the next start uses, or both. */
export type Affect = 'live' | 'config' | 'both';

/** An element of `uri` inside <metadata>, kept and shown by libvirt, meant for nobody else. */
export type DomainMetadata = { key: string; uri: string; xml: string | undefined };

/** Bytes: taken on the host, seen by the guest, and the size of the file. */
export type BlockInfo = { allocation: bigint; capacity: bigint; physical: bigint };

const AFFECT: Record<Affect, number> = { live: 1, config: 2, both: 3 };
const METADATA_ELEMENT = 2;
const VCPU_MAXIMUM = 4;
const MEMORY_MAXIMUM = 4;
const RESIZE_BYTES = 1;
const VALIDATE_XML = 1;
const START_PAUSED = 1;
// MANAGED_SAVE | SNAPSHOTS_METADATA, without which a domain that has them is refused. Not every hypervisor knows more.
const UNDEFINE_ALL = 1 | 2;
const INACTIVE_XML = 2;
/** Starting and stopping wait for QEMU and firewall rules; the first definition for QEMU to tell what it can. */
const SLOW_CALL_MS = 90_000;

/** Virtual machines. Methods throw `LibvirtError` with libvirt's code, e.g. 42 when there is no such domain. */
export class Domains {
  readonly #rpc: Rpc;

  constructor(rpc: Rpc) {
    this.#rpc = rpc;
  }

  /** Makes or replaces the definition after checking it against libvirt's schema; does not start it. */
  async define(xml: string, options?: CallOptions): Promise<DomainRef> {
    const args = new XdrWriter().string(xml).u32(VALIDATE_XML);
    return readDomain(await this.#slow(PROCEDURE.domainDefineXmlFlags, args, options));
  }

  /**
   * Starts a domain that vanishes when it stops. When one of that name and UUID is defined, which must not run, it runs
   * so once, and its definition counts again from the next start on.
   */
  async create(xml: string, options?: CallOptions): Promise<DomainRef> {
    const args = new XdrWriter().string(xml).u32(0);
    return readDomain(await this.#slow(PROCEDURE.domainCreateXml, args, options));
  }

  /** With `paused`, all of it is there, and it runs from `resume` on. */
  async start(
    domain: DomainRef,
    { paused = false, ...options }: CallOptions & { paused?: boolean } = {},
  ): Promise<DomainRef> {
    const args = withFlags(domain, paused ? START_PAUSED : 0);
    return readDomain(await this.#slow(PROCEDURE.domainCreateWithFlags, args, options));
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

  /** The state, and libvirt's number for why it is so, whose meaning depends on the state. */
  async state(domain: DomainRef, options?: CallOptions): Promise<{ state: DomainState; reason: number }> {
    const reader = await this.#on(PROCEDURE.domainGetState, withFlags(domain), options);
    return { state: STATES[reader.i32()] ?? 'unknown', reason: reader.i32() };
  }

  /** Replaces the element of `uri`, or removes it when `xml` is undefined; the rest of the definition stays. */
  async setMetadata(
    domain: DomainRef,
    { key, uri, xml }: DomainMetadata,
    { affect = 'config', ...options }: CallOptions & { affect?: Affect } = {},
  ): Promise<void> {
    const args = bare(domain)
      .i32(METADATA_ELEMENT)
      .optionalString(xml)
      .optionalString(key)
      .optionalString(uri)
      .u32(AFFECT[affect]);
    await this.#on(PROCEDURE.domainSetMetadata, args, options);
  }

  /** The element of `uri` as XML. Throws error 80 when there is none. */
  async metadata(
    domain: DomainRef,
    uri: string,
    { affect = 'config', ...options }: CallOptions & { affect?: Affect } = {},
  ): Promise<string> {
    const args = bare(domain).i32(METADATA_ELEMENT).optionalString(uri).u32(AFFECT[affect]);
    return (await this.#on(PROCEDURE.domainGetMetadata, args, options)).string();
  }

  /** Memory in KiB; `maximum` sets the bound instead, which a running domain refuses. */
  async setMemory(
    domain: DomainRef,
    { kib, affect, maximum = false }: { kib: bigint; affect: Affect; maximum?: boolean },
    options?: CallOptions,
  ): Promise<void> {
    const flags = AFFECT[affect] | (maximum ? MEMORY_MAXIMUM : 0);
    await this.#on(PROCEDURE.domainSetMemoryFlags, bare(domain).u64(kib).u32(flags), options);
  }

  /** Virtual CPUs, up to the maximum; `maximum` sets that bound instead, which a running domain refuses. */
  async setVcpus(
    domain: DomainRef,
    { count, affect, maximum = false }: { count: number; affect: Affect; maximum?: boolean },
    options?: CallOptions,
  ): Promise<void> {
    const flags = AFFECT[affect] | (maximum ? VCPU_MAXIMUM : 0);
    await this.#on(PROCEDURE.domainSetVcpusFlags, bare(domain).u32(count).u32(flags), options);
  }

  /** Changes a device, given whole as the definition would have it; most of what a device has cannot change while it runs. */
  async updateDevice(
    domain: DomainRef,
    xml: string,
    { affect = 'live', ...options }: CallOptions & { affect?: Affect } = {},
  ): Promise<void> {
    const args = bare(domain).string(xml).u32(AFFECT[affect]);
    await this.#slow(PROCEDURE.domainUpdateDeviceFlags, args, options);
  }

  /** Makes a disk of a running domain `bytes` large; `disk` is its target, such as "vda". */
  async blockResize(domain: DomainRef, disk: string, bytes: bigint, options?: CallOptions): Promise<void> {
    const args = bare(domain).string(disk).u64(bytes).u32(RESIZE_BYTES);
    await this.#slow(PROCEDURE.domainBlockResize, args, options);
  }

  async blockInfo(domain: DomainRef, disk: string, options?: CallOptions): Promise<BlockInfo> {
    const args = bare(domain).string(disk).u32(0);
    const reader = await this.#on(PROCEDURE.domainGetBlockInfo, args, options);
    return { allocation: reader.u64(), capacity: reader.u64(), physical: reader.u64() };
  }

  /** Writes the running domain with its memory to a file of the daemon's host, and stops it. */
  async save(domain: DomainRef, path: string, options?: CallOptions): Promise<void> {
    const args = bare(domain).string(path).optionalString(undefined).u32(0);
    await this.#slow(PROCEDURE.domainSaveFlags, args, options);
  }

  /** Goes on with the domain that `save` wrote. */
  async restore(path: string, options?: CallOptions): Promise<void> {
    const args = new XdrWriter().string(path).optionalString(undefined).u32(0);
    await this.#slow(PROCEDURE.domainRestoreFlags, args, options);
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
