import { Type } from 'typebox';

/** The setting of every daemon that may be part of a private network. */
export function swarmKeySetting() {
  return Type.Optional(
    Type.String({
      path: true,
      placeholder: 'file',
      description: 'Key of a private network: only hosts with the same one connect; none unless given',
    }),
  );
}
