import { MachineSpec } from '@hamster/pallets';
import { option, u32, u64 } from '@hamster/scale';
import { type Api, method } from '../method.ts';
import type { ApiParts } from '../parts.ts';
import { offers } from './offers.ts';
import { OfferFilter, OfferPage, QuoteResult } from './types.ts';

export const marketApi = ({ composition, reads }: ApiParts): Api => ({
  name: 'MarketApi',
  docs: ['The market, as a renter may see it.'],
  methods: [
    method('offers', {
      inputs: { filter: OfferFilter, after: option(u64), limit: u32 },
      output: OfferPage,
      docs: [
        'Machines that would take an order for the slice that the filter names, by id: online, available for long enough,',
        'with room, with enough stake, and without a lease that does not report.',
        'At most `limit` and at most 128 of them, behind the machine `after`. A page may be short or empty before the',
        'end, since a call looks at a bounded number of machines: go on until `next` is none.',
      ],
      run(state, { filter, after, limit }) {
        const { items, next } = offers(composition.context(state), reads, filter, { after, limit });
        return { offers: items, next };
      },
    }),
    method('quote', {
      inputs: { resource: u64, spec: MachineSpec, hours: u32 },
      output: QuoteResult,
      docs: [
        'What a slice of a machine costs now, in planck: an hour of it, the rent of all `hours`, how much of that is the',
        'protocol’s fee, and the collateral that secures it; and how long the lease lasts, in ms.',
        'Or the error that an order of it would meet, whoever made it.',
      ],
      run: (state, request) => reads.orders.quote(composition.context(state), request),
    }),
  ],
});
