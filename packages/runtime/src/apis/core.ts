import { DigestItem, Header, UnknownRuntimeApi } from '@hamster/frame';
import { encodableVersion, isMigrating, RuntimeVersionType } from '@hamster/pallets';
import { struct, type Type, unit, variant, vec } from '@hamster/scale';
import { initializeBlock } from '../executive/block.ts';
import { type Api, method } from './method.ts';
import type { ApiParts } from './parts.ts';

const ExtrinsicInclusionMode = variant('sp_runtime::ExtrinsicInclusionMode', {
  AllExtrinsics: null,
  OnlyInherents: null,
});

export const blockOf = (extrinsic: Type<Uint8Array>) =>
  struct(
    'sp_runtime::generic::block::Block',
    { header: Header, extrinsics: vec(extrinsic) },
    { params: { Header, Extrinsic: extrinsic } },
  );

export const coreApi = (parts: ApiParts): Api => ({
  name: 'Core',
  docs: ['The version of the runtime, and blocks as a whole.'],
  methods: [
    method('version', {
      inputs: {},
      output: RuntimeVersionType,
      docs: 'Returns the version of the runtime.',
      run: () => encodableVersion(parts.version),
    }),
    method('execute_block', {
      inputs: { block: blockOf(parts.extrinsic) },
      output: unit,
      docs: 'Execute the given block.',
      run() {
        throw new UnknownRuntimeApi(
          'Core_execute_block',
          'the node executes blocks: it alone has the trie of the state',
        );
      },
    }),
    method('initialize_block', {
      inputs: { header: Header },
      output: ExtrinsicInclusionMode,
      docs: 'Initialize a block with the given header and return the runtime executive mode.',
      run(state, { header }) {
        const digest = header.digest.logs.map((item) => DigestItem.encode(item));
        initializeBlock(parts, state, { parentHash: header.parent_hash, number: header.number, digest });
        return { type: isMigrating({ state }) ? ('OnlyInherents' as const) : ('AllExtrinsics' as const) };
      },
    }),
  ],
});
