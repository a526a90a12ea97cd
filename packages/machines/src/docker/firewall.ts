import type { CommandRunner } from '../host/run-command.ts';
import { CLOSED_RANGES, SMTP_PORT } from '../host/closed-ranges.ts';
import { BRIDGE_PREFIX } from './names.ts';

const FORWARD = 'HAMSTER-FORWARD';
const INPUT = 'HAMSTER-INPUT';
/** Every machine's bridge, and no other. */
const BRIDGES = `${BRIDGE_PREFIX}+`;
// Rules are written as the tool lists them, so that one listing tells that all are there.
const OPENED_BEFORE = ['-m', 'conntrack', '--ctstate', 'RELATED,ESTABLISHED'];
/** Another process may hold the table for a moment. */
const WAIT = ['-w', '10'];

/**
 * Closes to all machines at once: the host at any of its addresses, but for answers to connections that it opened; private
 * and special ranges; each other; mail. Nobody opens a connection to them from beyond the host. Made before the first
 * machine and looked at before each start, since a restart of the host takes the rules away.
 */
export async function ensureFirewall(run: CommandRunner, signal: AbortSignal): Promise<void> {
  const table = await Table.open(run, 'iptables', signal);
  await table.fill(FORWARD, [
    ['-o', BRIDGES, ...OPENED_BEFORE, '-j', 'RETURN'],
    ['-o', BRIDGES, '-j', 'DROP'],
    ...CLOSED_RANGES.map(([address, bits]) => ['-d', `${address}/${bits}`, '-j', 'DROP']),
    ['-p', 'tcp', '-m', 'tcp', '--dport', `${SMTP_PORT}`, '-j', 'DROP'],
  ]);
  await table.fill(INPUT, [
    [...OPENED_BEFORE, '-j', 'ACCEPT'],
    ['-j', 'DROP'],
  ]);
  // DOCKER-USER is the chain that Docker leaves to the host's own rules, ahead of all of its own.
  await table.ensureFirst('DOCKER-USER', ['-o', BRIDGES, '-j', FORWARD]);
  await table.ensureFirst('DOCKER-USER', ['-i', BRIDGES, '-j', FORWARD]);
  await table.ensureFirst('INPUT', ['-i', BRIDGES, '-j', INPUT]);
  const six = await Table.open(run, 'ip6tables', signal);
  for (const [chain, side] of [
    ['INPUT', '-i'],
    ['FORWARD', '-i'],
    ['FORWARD', '-o'],
  ] as const) {
    await six.ensureFirst(chain, [side, BRIDGES, '-j', 'DROP']);
  }
}

class Table {
  readonly #run: (...args: string[]) => Promise<string>;
  /** All rules as they were listed first. Each further question is a program, of which there would be dozens a start. */
  readonly #listed: readonly string[];

  private constructor(run: (...args: string[]) => Promise<string>, listed: readonly string[]) {
    this.#run = run;
    this.#listed = listed;
  }

  static async open(run: CommandRunner, tool: string, signal: AbortSignal): Promise<Table> {
    const ask = (...args: string[]): Promise<string> => run(tool, [...WAIT, ...args], { signal });
    return new Table(ask, (await ask('-S')).split('\n'));
  }

  /** Makes the chain hold these rules and no others; it is never empty for longer than it has to be. */
  async fill(chain: string, rules: readonly string[][]): Promise<void> {
    if (this.#listsExactly(chain, rules)) return;
    const held = await this.#run('-S', chain).catch(() => undefined);
    // Another machine's start may have made it in between.
    if (held === undefined) await this.#run('-N', chain).catch(() => this.#run('-S', chain));
    const count = held?.split('\n').filter((line) => line.startsWith('-A')).length ?? 0;
    // Where all are listed, their order is wrong; where the tool writes them otherwise, each is asked for.
    const misplaced = rules.every((rule) => this.#listed.includes(lineOf(chain, rule)));
    const missing = misplaced ? rules[0] : await this.#firstMissing(chain, rules);
    if (missing === undefined && count === rules.length) return;
    await this.#run('-F', chain);
    for (const rule of rules) await this.#run('-A', chain, ...rule);
  }

  async ensureFirst(chain: string, rule: string[]): Promise<void> {
    if (this.#listed.includes(lineOf(chain, rule)) || (await this.#has(chain, rule))) return;
    await this.#run('-I', chain, '1', ...rule);
  }

  #listsExactly(chain: string, rules: readonly string[][]): boolean {
    const found = this.#listed.filter((line) => line.startsWith(`-A ${chain} `));
    const wanted = rules.map((rule) => lineOf(chain, rule));
    return found.length === wanted.length && wanted.every((line, index) => line === found[index]);
  }

  async #firstMissing(chain: string, rules: readonly string[][]): Promise<string[] | undefined> {
    for (const rule of rules) if (!(await this.#has(chain, rule))) return rule;
    return undefined;
  }

  #has(chain: string, rule: string[]): Promise<boolean> {
    return this.#run('-C', chain, ...rule).then(
      () => true,
      () => false,
    );
  }
}

function lineOf(chain: string, rule: readonly string[]): string {
  return `-A ${chain} ${rule.join(' ')}`;
}
