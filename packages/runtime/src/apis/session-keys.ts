import { UnknownRuntimeApi } from '@hamster/frame';
import { SessionKeys } from '@hamster/pallets';
import { bytes, fixedBytes, newtype, option, tuple, vec } from '@hamster/scale';
import { type Api, method } from './method.ts';

const KeyTypeId = newtype('sp_core::crypto::KeyTypeId', fixedBytes(4));

const keyType = (name: 'aura' | 'gran'): Uint8Array => new TextEncoder().encode(name);

/** The keys of one authority, as `validators.set_keys` and `authorities.schedule_change` take them. */
export const sessionKeysApi = (): Api => ({
  name: 'SessionKeys',
  docs: ['The keys that an authority’s node signs with.'],
  methods: [
    method('generate_session_keys', {
      inputs: { seed: option(bytes) },
      output: bytes,
      docs: 'Generate a set of session keys. Refused here: a node does it by its JSON-RPC, `author_rotateKeys`.',
      run() {
        throw new UnknownRuntimeApi(
          'SessionKeys_generate_session_keys',
          'the node makes keys (author_rotateKeys): it alone keeps secrets',
        );
      },
    }),
    method('decode_session_keys', {
      inputs: { encoded: bytes },
      output: option(vec(tuple(bytes, KeyTypeId))),
      docs: 'Decode the given public session keys: each with its type, or `None` where they are none.',
      run(_, { encoded }) {
        if (encoded.length !== SessionKeys.minSize) return undefined;
        const { aura, grandpa } = SessionKeys.decode(encoded);
        return [
          [aura, keyType('aura')],
          [grandpa, keyType('gran')],
        ] as const;
      },
    }),
  ],
});
