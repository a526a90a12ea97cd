import { Type } from '@hamster/daemon';
import type { ApiApp } from '@hamster/daemon-api';
import { hamText } from '../ham.ts';
import { Count, Ham, Time } from './forms.ts';
import type { ApiModules } from './modules.ts';

const Rewards = Type.Object({
  claimable: Ham('Earned in eras that have ended, and not claimed'),
  nextAt: Type.Optional(Time('End of the running era, if the gateway was online in it')),
  claimed: Ham('Claimed by this daemon since its start'),
  claims: Count('How often'),
  lastClaimAt: Type.Optional(Time('The last of them')),
});

const READ_MS = 10_000;
/** A claim waits for a block. */
const CLAIM_MS = 90_000;

export function addRewardsRoutes(app: ApiApp, { chain, pulse, claiming }: ApiModules): void {
  const tags = ['rewards'];
  app.get('/rewards', {
    schema: { summary: 'What the gateway has earned', tags, response: { 200: Rewards } },
    handler: async () => {
      const { claimable, nextAt } = await chain.rewards(AbortSignal.timeout(READ_MS));
      const { claimed, claims, lastClaimAt } = pulse.state();
      return {
        claimable: hamText(claimable),
        ...(nextAt !== undefined && { nextAt }),
        claimed: hamText(claimed),
        claims,
        ...(lastClaimAt !== undefined && { lastClaimAt }),
      };
    },
  });
  app.post('/rewards/claim', {
    schema: {
      summary: 'Claim the rewards of all eras that have ended',
      description: 'The answer comes when a block has it.',
      tags,
      response: { 200: Type.Object({ amount: Ham('What came to the account') }) },
    },
    handler: async () => ({
      amount: hamText(await claiming.claimNow(AbortSignal.timeout(CLAIM_MS))),
    }),
  });
}
