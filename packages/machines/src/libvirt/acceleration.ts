import type { ImageCatalogue } from '../images/catalogue.ts';
import type { Acceleration } from './domain-xml.ts';
import { probeKvm } from './kvm-probe.ts';
import type { KvmVerdict } from './kvm-probe.ts';
import type { LibvirtDriverOptions } from './options.ts';

export type AccelerationOptions = {
  emulator: string;
  catalogue: ImageCatalogue;
  wish: LibvirtDriverOptions['acceleration'];
};

/** Whether KVM works here, found out when first asked for, and again as long as it could not be. */
export class AccelerationJudge {
  readonly #options: AccelerationOptions;
  #verdict: Promise<KvmVerdict> | undefined;

  constructor(options: AccelerationOptions) {
    this.#options = options;
  }

  async acceleration(): Promise<Acceleration> {
    return (await this.verdict()).works ? 'kvm' : 'emulated';
  }

  verdict(): Promise<KvmVerdict> {
    if (this.#options.wish === 'emulated') {
      return Promise.resolve({ works: false, detail: 'not tried: emulation was asked for', final: true });
    }
    this.#verdict ??= this.#remembered(this.#probe());
    return this.#verdict;
  }

  /** The next question is answered by a new probe. */
  forget(): void {
    this.#verdict = undefined;
  }

  #remembered(probe: Promise<KvmVerdict>): Promise<KvmVerdict> {
    const forgetThis = (): void => {
      if (this.#verdict === probe) this.forget();
    };
    probe.then(({ final }) => final || forgetThis(), forgetThis);
    return probe;
  }

  async #probe(): Promise<KvmVerdict> {
    const { catalogue, emulator } = this.#options;
    const tiny = (await catalogue.list()).find(({ name }) => name === 'tiny');
    const kernel = tiny?.recipe === 'kernel' ? await catalogue.verify(tiny) : undefined;
    return probeKvm({ emulator, kernel });
  }
}
