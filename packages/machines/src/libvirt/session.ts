import { LibvirtConnectionError, LibvirtError } from '@hamster/libvirt';
import type { Libvirt } from '@hamster/libvirt';
import { MachineError } from '../errors.ts';
import type { LibvirtDriverModules } from './options.ts';

/** One connection for all calls, opened when first needed and again after it was lost. */
export class LibvirtSession {
  readonly #connect: LibvirtDriverModules['connect'];
  #current: Promise<Libvirt> | undefined;

  constructor(connect: LibvirtDriverModules['connect']) {
    this.#connect = connect;
  }

  /**
   * Runs `task`, whose calls all end with `signal`; errors of libvirt become `HypervisorFailed` with the original as
   * cause.
   */
  async use<T>(what: string, signal: AbortSignal, task: (libvirt: Libvirt) => Promise<T>): Promise<T> {
    try {
      return await task((await this.#open()).bounded(signal));
    } catch (error) {
      if (!(error instanceof LibvirtError) && !(error instanceof LibvirtConnectionError)) throw error;
      throw new MachineError('HypervisorFailed', `${what}: ${error.message}`, { cause: error });
    }
  }

  async close(): Promise<void> {
    const current = this.#current;
    this.#current = undefined;
    await current?.then((libvirt) => libvirt.close()).catch(() => undefined);
  }

  async #open(): Promise<Libvirt> {
    const current = await this.#current;
    if (current && !current.closed) return current;
    const next = this.#connect();
    this.#current = next;
    next.catch(() => {
      if (this.#current === next) this.#current = undefined;
    });
    return next;
  }
}
