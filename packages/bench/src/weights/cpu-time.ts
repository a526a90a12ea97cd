/** Processor time of this thread, ms: what else the machine does, is not in it. */
export const cpuTime = (): number => {
  const { user, system } = process.threadCpuUsage();
  return (user + system) / 1_000;
};
