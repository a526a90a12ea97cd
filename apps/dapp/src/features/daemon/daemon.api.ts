import type { DaemonAccess } from './access.ts';
import {
  readCommand,
  readForward,
  readForwards,
  readLease,
  readProof,
  readRefusal,
  readStatus,
  type DaemonForward,
  type DaemonLease,
  type DaemonStatus,
} from './answers.ts';
import { DaemonProblem } from './problem.ts';
import { canProve, expectedProof, newChallenge } from './proof.ts';

const TIMEOUT_MS = 15_000;

type Method = 'GET' | 'POST' | 'DELETE';

interface Ask<T> {
  readonly method?: Method;
  readonly path: string;
  readonly body?: object;
  readonly read: (answer: unknown) => T | undefined;
}

/** The renter's daemon on this computer. Whatever fails rejects with a `DaemonProblem`. */
export class DaemonApi {
  readonly #access: DaemonAccess;

  constructor(access: DaemonAccess) {
    this.#access = access;
  }

  status(): Promise<DaemonStatus> {
    return this.#ask({ path: '/status', read: readStatus });
  }

  /** `undefined` when the daemon's account does not rent it. */
  async lease(id: number): Promise<DaemonLease | undefined> {
    try {
      return await this.#ask({ path: `/leases/${id}`, read: readLease });
    } catch (error) {
      if (error instanceof DaemonProblem && error.cause === 'LEASE_NOT_FOUND') return undefined;
      throw error;
    }
  }

  forwards(): Promise<DaemonForward[]> {
    return this.#ask({ path: '/forwards', read: readForwards });
  }

  /** @param terms.local 0 takes a free port. */
  openForward(terms: Pick<DaemonForward, 'lease' | 'local' | 'remote'>): Promise<DaemonForward> {
    return this.#ask({ method: 'POST', path: '/forwards', body: terms, read: readForward });
  }

  /** One that is closed already is no failure. */
  async closeForward(id: string): Promise<void> {
    const path = `/forwards/${encodeURIComponent(id)}`;
    try {
      await this.#ask({ method: 'DELETE', path, read: () => true });
    } catch (error) {
      if (!(error instanceof DaemonProblem) || error.cause !== 'NO_SUCH_FORWARD') throw error;
    }
  }

  /** What to type to log in through a forward that leads to ssh. */
  sshCommand(id: string): Promise<string> {
    return this.#ask({ path: `/forwards/${encodeURIComponent(id)}/ssh`, read: readCommand });
  }

  /** The token goes only to who has just proved to hold it: after a crash another program may have the port. */
  async #ask<T>({ method = 'GET', path, body, read }: Ask<T>): Promise<T> {
    await this.#ensureItHoldsTheToken();
    const answer = await this.#fetch(path, {
      method,
      headers: {
        authorization: `Bearer ${this.#access.token}`,
        ...(body && { 'content-type': 'application/json' }),
      },
      ...(body && { body: JSON.stringify(body) }),
    });
    const content = await contentOf(answer);
    if (!answer.ok) throw refusal(answer.status, content);
    const known = read(content);
    if (known === undefined) throw new DaemonProblem('old');
    return known;
  }

  async #ensureItHoldsTheToken(): Promise<void> {
    if (!canProve()) throw new DaemonProblem('insecure');
    const challenge = newChallenge();
    const answer = await this.#fetch(`/health?challenge=${challenge}`, {});
    const health = readProof(await contentOf(answer));
    if (!answer.ok || health === undefined) throw new DaemonProblem('stranger');
    if (health.proof === undefined) throw new DaemonProblem('old');
    if (health.proof !== (await expectedProof(this.#access, challenge))) throw new DaemonProblem('token');
  }

  async #fetch(path: string, init: RequestInit): Promise<Response> {
    const signal = AbortSignal.timeout(TIMEOUT_MS);
    try {
      return await fetch(this.#access.url + path, {
        credentials: 'omit',
        redirect: 'error',
        referrerPolicy: 'no-referrer',
        ...init,
        signal,
      });
    } catch (cause) {
      throw new DaemonProblem((await this.#answersAnybody()) ? 'foreign' : 'away', 'No answer', cause);
    }
  }

  /** A browser does not tell why it withholds an answer; but one that it need not show comes if anything is there. */
  async #answersAnybody(): Promise<boolean> {
    const signal = AbortSignal.timeout(TIMEOUT_MS);
    const answer = fetch(`${this.#access.url}/health`, { mode: 'no-cors', credentials: 'omit', signal });
    return answer.then(
      () => true,
      () => false,
    );
  }
}

async function contentOf(answer: Response): Promise<unknown> {
  return answer.json().catch(() => undefined);
}

/** The cause is the daemon's own code of what went wrong. */
function refusal(status: number, content: unknown): DaemonProblem {
  const { code, message } = readRefusal(content);
  if (status === 401) return new DaemonProblem('token');
  if (code === 'NOT_FOUND') return new DaemonProblem('old');
  return new DaemonProblem('refused', message, code);
}
