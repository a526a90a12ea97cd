import type { CommandRunner } from '../host/run-command.ts';

const BRIDGE_CHAIN = /^Bridge chain: (\S+), /;

/** What the kernel holds of libvirt's filters at this moment, as the tools list it by which libvirt sets them up. */
export class FilterRules {
  readonly #bridge: ReadonlyMap<string, readonly string[]>;
  readonly #host: ReadonlySet<string>;

  constructor(bridge: string, host: string) {
    this.#bridge = chainsOf(bridge);
    this.#host = new Set(host.split('\n').map((line) => line.trim()));
  }

  static async read(run: CommandRunner, signal: AbortSignal): Promise<FilterRules> {
    const bridge = await run('ebtables', ['--concurrent', '-t', 'nat', '-L'], { signal });
    return new FilterRules(bridge, await run('iptables', ['-w', '10', '-S'], { signal }));
  }

  /**
   * Whether what comes from this link is judged. Other programs that load a firewall of their own throw libvirt's rules away,
   * and nobody tells libvirt.
   */
  hold(tap: string): boolean {
    const hooks = [
      this.#chain('PREROUTING').includes(`-i ${tap} -j libvirt-I-${tap}`),
      this.#closes(`libvirt-I-${tap}`),
    ];
    return hooks.every(Boolean) && this.#closesHost(tap);
  }

  /** Whether it ends with what drops the rest, and so do the chains that it goes through on the way. */
  #closes(name: string): boolean {
    const rules = this.#chain(name);
    const inner = rules.flatMap((rule) => / -?j (I-\S+)$|^-j (I-\S+)$/.exec(rule)?.slice(1) ?? []);
    const further = inner.filter((each) => each !== undefined);
    return rules.at(-1) === '-j DROP' && further.every((each) => this.#chain(each).at(-1) === '-j DROP');
  }

  #closesHost(tap: string): boolean {
    const hooks = [
      '-A INPUT -j libvirt-host-in',
      `-A libvirt-host-in -m physdev --physdev-in ${tap} -g HI-${tap}`,
    ];
    const drops = [...this.#host].some(
      (rule) => rule.startsWith(`-A HI-${tap} `) && rule.endsWith(' -j DROP'),
    );
    return drops && hooks.every((rule) => this.#host.has(rule));
  }

  #chain(name: string): readonly string[] {
    return this.#bridge.get(name) ?? [];
  }
}

function chainsOf(listing: string): Map<string, string[]> {
  const chains = new Map<string, string[]>();
  let current: string[] = [];
  for (const line of listing.split('\n').map((each) => each.trim())) {
    const name = BRIDGE_CHAIN.exec(line)?.[1];
    if (name !== undefined) chains.set(name, (current = []));
    else if (line !== '') current.push(line);
  }
  return chains;
}
