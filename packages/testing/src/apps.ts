import { join, resolve } from 'node:path';

/** The repository, from where the apps are started as they are. */
export const ROOT = resolve(import.meta.dirname, '../../..');

export type AppName = 'node' | 'provider' | 'gateway' | 'client';

/** The file that starts an app; Node runs it without a build. */
export function appMain(app: AppName): string {
  return join(ROOT, 'apps', app, 'src/main.ts');
}
