import { connectLibvirt } from '@hamster/libvirt';
import { createLibvirtDriver, imageCatalogue } from '../../src/index.ts';
import type { LibvirtDriverModules } from '../../src/libvirt/options.ts';
import type { KilledProvider } from './kill-provider.ts';

type Connection = Awaited<ReturnType<LibvirtDriverModules['connect']>>;

const task = JSON.parse(process.argv[2] ?? '') as KilledProvider;

/** The same object, whose call of that name is this process's last. */
function lastAt<T extends object>(target: T, path: string): T {
  const [head = '', ...rest] = path.split('.');
  return new Proxy(target, {
    get(object, property) {
      const value = Reflect.get(object, property, object) as unknown;
      if (property === 'bounded') return (signal: AbortSignal) => lastAt(bounded(object, signal), path);
      if (property === head && rest.length > 0) return lastAt(value as object, rest.join('.'));
      if (typeof value !== 'function') return value;
      const call = value.bind(object) as (...args: unknown[]) => Promise<unknown>;
      if (property !== head) return call;
      return (...args: unknown[]) => call(...args).then(() => process.kill(process.pid, 'SIGKILL'));
    },
  });
}

function bounded(connection: object, signal: AbortSignal): Connection {
  return (connection as Connection).bounded(signal);
}

const { chain, stateDir, catalogue, prepare, create } = task;
const driver = createLibvirtDriver(
  { chain, stateDir },
  {
    catalogue: imageCatalogue(catalogue),
    connect: async () => lastAt(await connectLibvirt(), task.lastCall),
  },
);
if (prepare) await driver.prepare?.([prepare]);
if (create) await driver.create(create);
