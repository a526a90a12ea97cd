import { vec } from '@hamster/scale';
import { SessionKeys } from '../primitives/session-keys.ts';

/** As many as Aura and GRANDPA have room for. */
const MAX_AUTHORITIES = 100;

/** In the order of their turns. */
export const AuthorityKeys = vec(SessionKeys, { max: MAX_AUTHORITIES });
