import { PROCEDURE } from '../procedures.ts';
import type { CallOptions, Rpc } from '../rpc/connection.ts';
import { XdrWriter } from '../xdr/writer.ts';

export type DomainCapabilitiesQuery = {
  virtType: 'kvm' | 'qemu';
  arch?: string;
  machine?: string;
  emulator?: string;
};

/** Questions about the host and its hypervisor. */
export class Host {
  readonly #rpc: Rpc;

  constructor(rpc: Rpc) {
    this.#rpc = rpc;
  }

  /** Version of the hypervisor as major * 1,000,000 + minor * 1,000 + release. */
  async hypervisorVersion(options?: CallOptions): Promise<number> {
    return Number((await this.#ask(PROCEDURE.connectGetVersion, options)).u64());
  }

  /** Version of the daemon, in the same form. */
  async libvirtVersion(options?: CallOptions): Promise<number> {
    return Number((await this.#ask(PROCEDURE.connectGetLibVersion, options)).u64());
  }

  async hostname(options?: CallOptions): Promise<string> {
    return (await this.#ask(PROCEDURE.connectGetHostname, options)).string();
  }

  /** Capabilities of the host, as XML. */
  async capabilities(options?: CallOptions): Promise<string> {
    return (await this.#ask(PROCEDURE.connectGetCapabilities, options)).string();
  }

  /** What domains of one kind may have, as XML. Says "kvm" also on hosts where KVM does not work. */
  async domainCapabilities(query: DomainCapabilitiesQuery, options?: CallOptions): Promise<string> {
    const args = new XdrWriter()
      .optionalString(query.emulator)
      .optionalString(query.arch)
      .optionalString(query.machine)
      .optionalString(query.virtType)
      .u32(0);
    const request = { procedure: PROCEDURE.connectGetDomainCapabilities, args };
    return (await this.#rpc.call(request, options)).string();
  }

  #ask(procedure: number, options?: CallOptions): ReturnType<Rpc['call']> {
    return this.#rpc.call({ procedure, args: new XdrWriter() }, options);
  }
}
