import type { PumpControl } from '../streams/pump.ts';
import type { RelayService } from './service.ts';
import type { Cut } from './tally.ts';
import type { Throttled } from './throttle.ts';
import type { Direction, Ends } from './traffic.ts';

/** So much of a direction needs no turn: a keystroke, or what lets the other direction go on, waits for nobody. */
const PROMPT_BYTES = 16 * 1024;

export interface Controls {
  start(direction: Direction, pumping: (control: PumpControl) => { resume(): void }): void;
  end(): void;
}

/** Counts and throttles the two directions of one circuit. */
export function controlsOf(service: RelayService, ends: Ends, abort: (cut: Cut) => void): Controls {
  const { traffic, allowance, throttle, limits } = service;
  const { source } = ends;
  const running: Throttled[] = [];
  let total = 0;

  function count(direction: Direction, bytes: number): void {
    traffic.count(ends, direction, bytes);
    allowance.count(source, bytes);
    throttle.charge(source, bytes);
    total += bytes;
    if (total > limits.circuitBytes) abort('bytes');
    else if (allowance.isUsedUp(source)) abort('bytes-of-the-day');
  }

  return {
    start(direction, pumping) {
      let resume = (): void => undefined;
      let sinceTurn = 0;
      const wake = (): void => {
        sinceTurn = 0;
        resume();
      };
      const throttled: Throttled = { source, wake };
      running.push(throttled);
      const pump = pumping({
        onBytes: (bytes) => {
          sinceTurn += bytes;
          count(direction, bytes);
        },
        mayRead() {
          if (sinceTurn < PROMPT_BYTES) return true;
          const may = throttle.mayRead(throttled);
          if (may) sinceTurn = 0;
          return may;
        },
      });
      resume = pump.resume;
    },
    end() {
      for (const throttled of running) throttle.forget(throttled);
    },
  };
}
