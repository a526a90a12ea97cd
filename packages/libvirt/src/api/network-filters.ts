import { PROCEDURE } from '../procedures.ts';
import type { CallOptions, Rpc } from '../rpc/connection.ts';
import { XdrWriter } from '../xdr/writer.ts';
import { readBinding, readNamed, writeBinding, writeNamed } from './references.ts';
import type { BindingRef, NamedRef } from './references.ts';

/** Packet filters (nwfilter). Error 62 when there is no such filter. */
export class NetworkFilters {
  readonly #rpc: Rpc;

  constructor(rpc: Rpc) {
    this.#rpc = rpc;
  }

  /** Makes the filter, or replaces the one with its name or UUID, also on interfaces that use it now. */
  async define(xml: string, options?: CallOptions): Promise<NamedRef> {
    const args = new XdrWriter().string(xml);
    return readNamed(await this.#rpc.call({ procedure: PROCEDURE.nwfilterDefineXml, args }, options));
  }

  async undefine(filter: NamedRef, options?: CallOptions): Promise<void> {
    const args = writeNamed(new XdrWriter(), filter);
    await this.#rpc.call({ procedure: PROCEDURE.nwfilterUndefine, args }, options);
  }

  async lookupByName(name: string, options?: CallOptions): Promise<NamedRef> {
    const args = new XdrWriter().string(name);
    return readNamed(await this.#rpc.call({ procedure: PROCEDURE.nwfilterLookupByName, args }, options));
  }

  async list(options?: CallOptions): Promise<NamedRef[]> {
    const args = new XdrWriter().i32(1).u32(0);
    const request = { procedure: PROCEDURE.connectListAllNwfilters, args };
    return (await this.#rpc.call(request, options)).array(readNamed);
  }

  /** Where filters are in use: one for each interface. */
  async bindings(options?: CallOptions): Promise<BindingRef[]> {
    const args = new XdrWriter().i32(1).u32(0);
    const request = { procedure: PROCEDURE.connectListAllNwfilterBindings, args };
    return (await this.#rpc.call(request, options)).array(readBinding);
  }

  /** Error 101 when there is none (any more). */
  async bindingXml(binding: BindingRef, options?: CallOptions): Promise<string> {
    const args = writeBinding(new XdrWriter(), binding).u32(0);
    return (await this.#rpc.call({ procedure: PROCEDURE.nwfilterBindingGetXmlDesc, args }, options)).string();
  }

  /** Takes the filter's rules off the interface. Error 101 when there is none (any more). */
  async deleteBinding(binding: BindingRef, options?: CallOptions): Promise<void> {
    const args = writeBinding(new XdrWriter(), binding);
    await this.#rpc.call({ procedure: PROCEDURE.nwfilterBindingDelete, args }, options);
  }
}
