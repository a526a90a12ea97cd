import { method } from '../protocol/method.ts';

export const chainSpec_v1_chainName = method([], ({ backend }) => backend.chainSpec.name);

export const chainSpec_v1_genesisHash = method([], ({ backend }) => backend.genesisHash);

export const chainSpec_v1_properties = method([], ({ backend }) => backend.chainSpec.properties);
