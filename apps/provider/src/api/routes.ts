import type { ApiApp } from '@hamster/daemon-api';
import { addHostRoutes } from './host-routes.ts';
import { addLeaseRoutes } from './lease-routes.ts';
import type { ApiModules } from './modules.ts';
import { addPurseRoutes } from './purse-routes.ts';
import { addSettingsRoutes } from './settings-routes.ts';
import { addStatusRoutes } from './status-routes.ts';

/** The provider's own routes. Nothing that they give is secret. */
export function addRoutes(app: ApiApp, modules: ApiModules): void {
  addStatusRoutes(app, modules);
  addHostRoutes(app, modules);
  addLeaseRoutes(app, modules);
  addSettingsRoutes(app, modules);
  addPurseRoutes(app, modules);
}
