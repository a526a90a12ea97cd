import { methodNotFound } from '../protocol/errors.ts';
import { method, unsafe } from '../protocol/method.ts';

/** Authors one block at once. Served only by a node that seals by hand. */
export const dev_newBlock = unsafe(
  method([], async ({ backend }) => {
    if (!backend.manualSeal) throw methodNotFound();
    return (await backend.manualSeal.newBlock()).hash;
  }),
);
