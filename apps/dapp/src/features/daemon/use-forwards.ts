import { onScopeDispose, ref, shallowRef, watch } from 'vue';
import type { Lease } from '../../chain/types.ts';
import { useSession } from '../../chain/session.store.ts';
import type { DaemonForward, DaemonLease } from './answers.ts';
import { useDaemon } from './daemon.store.ts';
import { DaemonProblem, problemOf } from './problem.ts';

const EVERY_MS = 3_000;

/** What the daemon has for one lease, looked at again and again while it is shown. */
export function useForwards(lease: () => Lease) {
  const daemon = useDaemon();
  const session = useSession();
  const way = shallowRef<DaemonLease>();
  const forwards = shallowRef<DaemonForward[]>([]);
  /** False until the first answer of this daemon about this lease. */
  const known = ref(false);
  let timer: ReturnType<typeof setTimeout> | undefined;
  let over = false;

  async function read(): Promise<void> {
    await daemon.look();
    const { api, phase, status } = daemon;
    if (api === undefined || phase !== 'connected') return;
    try {
      if (status?.genesisHash !== session.identity?.genesisHash) throw new DaemonProblem('otherChain');
      const { id } = lease();
      const [found, all] = await Promise.all([api.lease(id), api.forwards()]);
      if (api !== daemon.api) return;
      way.value = found;
      forwards.value = all.filter((one) => one.lease === id);
      known.value = true;
    } catch (error) {
      if (api === daemon.api) daemon.lost(problemOf(error));
    }
  }

  /** Nothing that one daemon said is shown as another's. */
  function startAnew(): void {
    way.value = undefined;
    forwards.value = [];
    known.value = false;
    if (daemon.api !== undefined) void read();
  }

  async function again(): Promise<void> {
    if (!document.hidden) await read();
    if (!over) timer = setTimeout(() => void again(), EVERY_MS);
  }

  void again();
  watch(() => daemon.api, startAnew, { flush: 'sync' });
  onScopeDispose(() => {
    over = true;
    clearTimeout(timer);
  });
  return { way, forwards, known, refresh: read };
}
