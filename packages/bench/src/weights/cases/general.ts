import { type CallCase, sudo } from '../case.ts';
import { at, keysOf } from '../cast.ts';

/** As many calls as a batch may have. */
const BATCH = 256;
const LONG_REMARK = 128 * 1024;
const MAX_AUTHORITIES = 100;

const batchOf = (name: string, proof: string, inner: readonly [string, ...unknown[]]): CallCase => ({
  call: `Utility.${name}`,
  proof,
  count: ({ size }) => Math.min(size, 4),
  endless: true,
  make(chain, { spare }, index) {
    const [call, ...args] = inner;
    const calls = Array.from({ length: BATCH }, () => chain.call(call, ...args));
    return { by: at(spare, index), call: chain.call(`Utility.${name}`, calls) };
  },
});

const remarkOf = (name: string, proof: string): CallCase => ({
  call: `System.${name}`,
  proof,
  endless: true,
  make: (chain, { spare }, index) => ({
    by: at(spare, index),
    call: chain.call(`System.${name}`, `0x${'00'.repeat(LONG_REMARK)}`),
  }),
});

/** Calls of the system itself, and those with calls inside: what these cost comes on top of what is measured here. */
export const generalCases: readonly CallCase[] = [
  remarkOf('remark', 'system.ExtrinsicSuccess'),
  remarkOf('remark_with_event', 'system.Remarked'),
  batchOf('batch', 'utility.BatchCompleted', ['System.remark', '']),
  batchOf('batch_all', 'utility.BatchCompleted', ['System.remark', '']),
  batchOf('force_batch', 'utility.BatchCompletedWithErrors', [
    'Treasury.spend',
    { Id: new Uint8Array(32) },
    1,
  ]),
  {
    call: 'Sudo.sudo',
    proof: 'sudo.Sudid',
    endless: true,
    make: (chain, cast) => sudo(chain, cast, 'System.remark', ''),
  },
  {
    call: 'Sudo.sudo_as',
    proof: 'sudo.SudoAsDone',
    endless: true,
    make: (chain, { root, spare }, index) => ({
      by: root,
      call: chain.call(
        'Sudo.sudo_as',
        { Id: at(spare, index).publicKey },
        chain.call('System.remark_with_event', ''),
      ),
    }),
  },
  {
    call: 'Sudo.set_key',
    proof: 'sudo.KeyChanged',
    endless: true,
    make: (chain, { root }) => ({ by: root, call: chain.call('Sudo.set_key', { Id: root.publicKey }) }),
  },
  {
    call: 'Sudo.remove_key',
    proof: 'sudo.KeyRemoved',
    count: () => 1,
    make: (chain, { root }) => ({ by: root, call: chain.call('Sudo.remove_key') }),
  },
  {
    call: 'Authorities.schedule_change',
    proof: 'authorities.NewQueued',
    count: () => 1,
    make(chain, cast) {
      const keys = Array.from({ length: MAX_AUTHORITIES }, (_, index) => keysOf(index));
      return sudo(chain, cast, 'Authorities.schedule_change', keys);
    },
  },
];
