/**
 * Processor time of this thread, ms: what else the machine does, is not in it. Some systems count it in ticks of several ms, so
 * only sums of many stretches mean something.
 */
export const cpuTime = (): number => {
  const { user, system } = process.threadCpuUsage();
  return (user + system) / 1_000;
};
