import { allowedCpus } from './host-resources.ts';

/** CPU numbers for a machine: spread by lease, so that two small machines do not share the first core. */
export async function pickCpus(leaseId: string, count: number): Promise<number[]> {
  const cpus = await allowedCpus();
  const offset = [...leaseId].reduce((sum, char) => sum + char.charCodeAt(0), 0) % cpus.length;
  return [...cpus.slice(offset), ...cpus.slice(0, offset)].slice(0, count);
}
