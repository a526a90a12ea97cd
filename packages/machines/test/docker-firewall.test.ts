import { describe, expect, it } from 'vitest';
import type { CommandRunner } from '../src/host/run-command.ts';
import { ensureFirewall } from '../src/docker/firewall.ts';

const signal = new AbortController().signal;

/** The tools of a kernel that has no rule yet: what they are told is kept, in their own words and order. */
function kernel() {
  const rules = new Map<string, string[]>([
    ['iptables', []],
    ['ip6tables', []],
  ]);
  const calls: string[] = [];
  const run: CommandRunner = (tool, args) => {
    const [command = '', chain = '', ...rest] = args.slice(2);
    const held = rules.get(tool) ?? [];
    calls.push(`${tool} ${command}`);
    const line = `-A ${chain} ${(command === '-I' ? rest.slice(1) : rest).join(' ')}`;
    if (command === '-S')
      return Promise.resolve(held.filter((each) => each.startsWith(`-A ${chain}`)).join('\n'));
    if (command === '-C')
      return held.includes(line) ? Promise.resolve('') : Promise.reject(new Error('no such rule'));
    if (command === '-F')
      rules.set(
        tool,
        held.filter((each) => !each.startsWith(`-A ${chain} `)),
      );
    if (command === '-A') held.push(line);
    if (command === '-I') held.unshift(line);
    return Promise.resolve('');
  };
  return { rules, calls, run };
}

describe('the firewall of containers', () => {
  it('is looked at with one listing a protocol when all of it is there', async () => {
    const { rules, calls, run } = kernel();
    await ensureFirewall(run, signal);
    const made = structuredClone(rules);
    expect(made.get('iptables')).toContain('-A HAMSTER-FORWARD -d 10.0.0.0/8 -j DROP');
    expect(made.get('iptables')?.at(-1)).toBe('-A HAMSTER-INPUT -j DROP');
    calls.length = 0;
    await ensureFirewall(run, signal);
    expect(calls).toEqual(['iptables -S', 'ip6tables -S']);
    expect(rules).toEqual(made);
  });

  it.each([
    ['a rule is gone', (held: string[]) => held.filter((line) => !line.includes('-d 10.0.0.0/8'))],
    ['a rule was added', (held: string[]) => [...held, '-A HAMSTER-FORWARD -j ACCEPT']],
    ['rules changed places', (held: string[]) => held.toReversed()],
    ['the way to it is gone', (held: string[]) => held.filter((line) => !line.includes('DOCKER-USER'))],
  ])('is put right when %s', async (_, spoil) => {
    const { rules, run } = kernel();
    await ensureFirewall(run, signal);
    const ours = () => rules.get('iptables')?.filter((line) => line.startsWith('-A HAMSTER-FORWARD'));
    const wanted = new Set(rules.get('iptables'));
    const order = ours();
    rules.set('iptables', spoil(rules.get('iptables') ?? []));
    await ensureFirewall(run, signal);
    const found = rules.get('iptables') ?? [];
    expect(new Set(found)).toEqual(wanted);
    expect(found).toHaveLength(wanted.size);
    expect(ours()).toEqual(order);
  });
});
