import { uiMessages } from '@hamster/ui/messages';
import { account } from './account.ts';
import { daemon } from './daemon.ts';
import { disputes } from './disputes.ts';
import { errors } from './errors.ts';
import { machines } from './machines.ts';
import { market } from './market.ts';
import { rent } from './rent.ts';
import { shell } from './shell.ts';
import { wallet } from './wallet.ts';

export const en = {
  ui: uiMessages,
  ...shell,
  ...market,
  ...rent,
  ...machines,
  ...disputes,
  ...account,
  wallet,
  daemon,
  errors,
};
