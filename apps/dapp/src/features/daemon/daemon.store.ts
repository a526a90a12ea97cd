import { defineStore } from 'pinia';
import { computed, inject, ref, shallowRef } from 'vue';
import { PAGE } from '../../chain/keys.ts';
import { forgetAccess, recallAccess, rememberAccess, type DaemonAccess } from './access.ts';
import { DaemonApi } from './daemon.api.ts';
import type { DaemonStatus } from './answers.ts';
import { problemOf, type DaemonProblem } from './problem.ts';

export type DaemonPhase = 'none' | 'connecting' | 'connected' | 'failed';

/** The daemon on this computer that the person let the page use; by itself the page looks for none. */
export const useDaemon = defineStore('daemon', () => {
  const page = inject(PAGE);
  const phase = ref<DaemonPhase>('none');
  const access = shallowRef(page && recallAccess(page.daemon));
  const status = shallowRef<DaemonStatus>();
  const problem = shallowRef<DaemonProblem>();
  /** Whether the page may be connected for longer than its tab. */
  const canStay = page?.daemon.browser !== undefined;
  const api = computed(() => (access.value ? new DaemonApi(access.value) : undefined));

  /** Rejects with a `DaemonProblem`, and leaves everything as it was. @param stay remember it when the tab is closed, too. */
  async function connect(wanted: DaemonAccess, stay: boolean): Promise<void> {
    const found = await new DaemonApi(wanted).status().catch((error: unknown) => {
      throw problemOf(error);
    });
    if (page) rememberAccess(page.daemon, wanted, stay);
    access.value = wanted;
    adopt(found);
  }

  /** Looks whether the daemon of before is there. Never rejects: `problem` says why it is not. */
  async function look(): Promise<void> {
    const asked = api.value;
    if (asked === undefined) return;
    if (phase.value === 'none') phase.value = 'connecting';
    try {
      const found = await asked.status();
      if (asked === api.value) adopt(found);
    } catch (error) {
      if (asked === api.value) lost(problemOf(error));
    }
  }

  function adopt(found: DaemonStatus): void {
    status.value = found;
    problem.value = undefined;
    phase.value = 'connected';
  }

  function lost(why: DaemonProblem): void {
    problem.value = why;
    phase.value = 'failed';
  }

  function forget(): void {
    if (page) forgetAccess(page.daemon);
    access.value = undefined;
    status.value = undefined;
    problem.value = undefined;
    phase.value = 'none';
  }

  return { phase, access, status, problem, canStay, api, connect, look, lost, forget };
});
