import { defineErrors } from '@hamster/frame';

export const errors = defineErrors('Sudo', { RequireSudo: 'Sender must be the Sudo account.' });
