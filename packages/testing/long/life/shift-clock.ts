import { readFileSync } from 'node:fs';
import type { ClockChange } from './clock.ts';

/** Loaded into a daemon before anything else: the wall clock goes as the file says, read anew at each SIGUSR2. */
const path = process.env['HAMSTER_CLOCK_FILE'] ?? '';
const RealDate = Date;
const realNow = RealDate.now;
let since = realNow();
let told = since;
let rate = 1;
let elapsed = 0;

const steadyNow = performance.now.bind(performance);
performance.now = () => steadyNow() + elapsed;

const now = (): number => Math.round(told + (realNow() - since) * rate);

globalThis.Date = new Proxy(RealDate, {
  construct: (target, given: [], newTarget) =>
    Reflect.construct(target, given.length === 0 ? [now()] : given, newTarget) as Date,
  get: (target, name) => (name === 'now' ? now : (Reflect.get(target, name) as unknown)),
});

process.on('SIGUSR2', () => {
  const change = JSON.parse(readFileSync(path, 'utf8')) as ClockChange;
  told = now() + (change.jumpMs ?? 0);
  since = realNow();
  rate = change.rate ?? 1;
  elapsed += change.elapsedMs ?? 0;
  process.stderr.write(`the clock says ${new RealDate(told).toISOString()} from now on\n`);
});
