import type { ApiApp } from '@hamster/daemon-api';
import type { ApiModules } from './modules.ts';
import {
  claimForm,
  claimIn,
  Limits,
  limitsForm,
  limitsIn,
  Settings,
  SettingsChange,
} from './settings-forms.ts';

export function addSettingsRoutes(app: ApiApp, modules: ApiModules): void {
  const { host, changed } = modules;
  app.get('/limits', {
    schema: { summary: 'The bounds of the relay', tags: ['relay'], response: { 200: Limits } },
    handler: async () => limitsForm(host.relay.limits()),
  });
  app.get('/settings', {
    schema: { summary: 'What may be changed while it runs', tags: ['relay'], response: { 200: Settings } },
    handler: async () => settingsOf(modules),
  });
  app.patch('/settings', {
    schema: {
      summary: 'Change settings while it runs',
      description:
        'All of it or nothing. It lasts over restarts, until the flag or the line of the config file that it took the place of is another one.',
      tags: ['relay'],
      body: SettingsChange,
      response: { 200: Settings },
    },
    handler: ({ body }) => changed.change(body, () => apply(modules, body)),
  });
}

function apply(modules: ApiModules, change: SettingsChange): Settings {
  modules.host.relay.setLimits(limitsIn(change));
  if (change.claim) modules.claiming.change(claimIn(change));
  return settingsOf(modules);
}

function settingsOf({ host, claiming }: Pick<ApiModules, 'host' | 'claiming'>): Settings {
  return { limits: limitsForm(host.relay.limits()), claim: claimForm(claiming.settings()) };
}
