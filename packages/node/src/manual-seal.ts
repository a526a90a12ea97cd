import type { Runtime } from '@hamster/frame';
import type { Author } from './author.ts';
import type { ManualSeal } from './backend.ts';
import { NodeError } from './errors.ts';
import type { TransactionPool } from './pool/pool.ts';

export interface ManualSealParts {
  readonly author: Author;
  readonly runtime: Runtime;
  readonly pool: TransactionPool;
  readonly clock: TravelClock;
}

/** Blocks when somebody asks for them. */
export function sealOnDemand({ author, runtime, pool, clock }: ManualSealParts): ManualSeal {
  return {
    async newBlock(transactions) {
      const given = transactions?.map((bytes) => runtime.decodeExtrinsic(bytes));
      await pool.idle();
      const event = await author.author('next', given);
      if (!event) {
        throw new NodeError(
          'NODE_NO_KEY',
          'This node has no key of an author of this chain: it cannot make blocks',
        );
      }
      return { hash: event.hash, number: event.number };
    },
    timeTravel: (time) => clock.travel(time),
  };
}

/** A clock that can be set forward. It stands still then, until the real one has caught up. */
export class TravelClock {
  readonly #now: () => number;
  #reached = 0;

  constructor(now: () => number) {
    this.#now = now;
  }

  readonly now = (): number => Math.max(this.#now(), this.#reached);

  /** Throws NODE_OPTIONS for a time that is over, or none at all. */
  travel(time: number): void {
    if (!Number.isSafeInteger(time) || time < this.now()) {
      throw new NodeError('NODE_OPTIONS', `Time goes forward only: ${time} is before ${this.now()}`);
    }
    this.#reached = time;
  }
}
