import type { MetadataVersion } from '@hamster/frame';
import { bytes, newtype, option, u32, vec } from '@hamster/scale';
import { type Api, method } from './method.ts';
import type { ApiParts } from './parts.ts';

const VERSIONS: readonly MetadataVersion[] = [14, 15, 16];

const OpaqueMetadata = newtype('sp_core::OpaqueMetadata', bytes);

export const metadataApi = ({ metadata }: ApiParts): Api => ({
  name: 'Metadata',
  docs: ['This metadata, in each of its versions.'],
  methods: [
    method('metadata', {
      inputs: {},
      output: OpaqueMetadata,
      docs: 'Returns the metadata of a runtime.',
      run: () => metadata(14),
    }),
    method('metadata_at_version', {
      inputs: { version: u32 },
      output: option(OpaqueMetadata),
      docs: 'Returns the metadata at a given version, or `None` where it is not supported.',
      run(_, { version }) {
        const supported = VERSIONS.find((candidate) => candidate === version);
        return supported && metadata(supported);
      },
    }),
    method('metadata_versions', {
      inputs: {},
      output: vec(u32),
      docs: 'Returns the supported metadata versions.',
      run: () => VERSIONS,
    }),
  ],
});
