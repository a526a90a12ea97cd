import { aura, grandpa } from '@hamster/pallets';
import { u64 } from '@hamster/scale';
import { equivocationMethods } from './equivocation.ts';
import { type Api, method } from './method.ts';
import type { ApiParts } from './parts.ts';

/** What a block's author must follow, and what light clients check headers against. */
export const auraApi = ({ slotDuration }: Pick<ApiParts, 'slotDuration'>): Api => ({
  name: 'AuraApi',
  docs: ['Who may author, and when.'],
  methods: [
    method('slot_duration', {
      inputs: {},
      output: aura.SlotDurationType,
      docs: 'Returns the slot duration for Aura, in ms.',
      run: (state) => aura.SlotDuration.get({ state }) ?? slotDuration,
    }),
    method('authorities', {
      inputs: {},
      output: aura.AuraIds,
      docs: 'Return the current set of authorities.',
      run: (state) => aura.Authorities.get({ state }),
    }),
  ],
});

/** What justifications are checked against. */
export const grandpaApi = (): Api => ({
  name: 'GrandpaApi',
  docs: ['Whose votes make blocks final.'],
  methods: [
    method('grandpa_authorities', {
      inputs: {},
      output: grandpa.AuthorityList,
      docs: 'Get the current GRANDPA authorities and weights.',
      run: (state) => grandpa.Authorities.get({ state }),
    }),
    ...equivocationMethods,
    method('current_set_id', {
      inputs: {},
      output: u64,
      docs: 'Get current GRANDPA authority set id.',
      run: (state) => grandpa.CurrentSetId.get({ state }),
    }),
  ],
});
