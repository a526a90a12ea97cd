import { PROCEDURE } from '../procedures.ts';
import type { CallOptions, Rpc } from '../rpc/connection.ts';
import type { XdrReader } from '../xdr/reader.ts';
import { XdrWriter } from '../xdr/writer.ts';
import { readNamed, writeNamed } from './references.ts';
import type { NamedRef } from './references.ts';

const SLOW_CALL_MS = 60_000;

/** Virtual networks. Error 43 when there is no such network. */
export class Networks {
  readonly #rpc: Rpc;

  constructor(rpc: Rpc) {
    this.#rpc = rpc;
  }

  async define(xml: string, options?: CallOptions): Promise<NamedRef> {
    return readNamed(await this.#call(PROCEDURE.networkDefineXml, new XdrWriter().string(xml), options));
  }

  /** Brings a defined network up: bridge, firewall rules, DHCP server. */
  async create(network: NamedRef, options?: CallOptions): Promise<void> {
    await this.#call(PROCEDURE.networkCreate, writeNamed(new XdrWriter(), network), options);
  }

  async destroy(network: NamedRef, options?: CallOptions): Promise<void> {
    await this.#call(PROCEDURE.networkDestroy, writeNamed(new XdrWriter(), network), options);
  }

  async undefine(network: NamedRef, options?: CallOptions): Promise<void> {
    await this.#call(PROCEDURE.networkUndefine, writeNamed(new XdrWriter(), network), options);
  }

  async lookupByName(name: string, options?: CallOptions): Promise<NamedRef> {
    return readNamed(await this.#call(PROCEDURE.networkLookupByName, new XdrWriter().string(name), options));
  }

  async isActive(network: NamedRef, options?: CallOptions): Promise<boolean> {
    return (
      await this.#call(PROCEDURE.networkIsActive, writeNamed(new XdrWriter(), network), options)
    ).bool();
  }

  async list(options?: CallOptions): Promise<NamedRef[]> {
    const args = new XdrWriter().i32(1).u32(0);
    return (await this.#call(PROCEDURE.connectListAllNetworks, args, options)).array(readNamed);
  }

  async xml(network: NamedRef, options?: CallOptions): Promise<string> {
    const args = writeNamed(new XdrWriter(), network).u32(0);
    return (await this.#call(PROCEDURE.networkGetXmlDesc, args, options)).string();
  }

  #call(procedure: number, args: XdrWriter, options: CallOptions = {}): Promise<XdrReader> {
    return this.#rpc.call({ procedure, args }, { ...options, timeoutMs: options.timeoutMs ?? SLOW_CALL_MS });
  }
}
