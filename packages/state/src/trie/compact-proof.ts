import { Children } from './children.ts';
import { encodeNode } from './codec.ts';
import type { ChildRef, TrieNode } from './node.ts';
import { proofSourceInSlices } from './proof.ts';
import { rootRef } from './resolve.ts';

/** Stands before a node whose value follows as an item of its own. */
const ESCAPE = Uint8Array.of(1);

const OMITTED = new Uint8Array();

/**
 * The items of a proof without the hashes by which they name each other, from the root on, each node before its value and its
 * children: as `sp_trie::encode_compact`. What the proof does not hold stays named by its hash. `pause` is awaited in between, again and
 * again.
 */
export async function compactProof(
  proof: readonly Uint8Array[],
  root: Uint8Array,
  pause: () => Promise<void>,
): Promise<Uint8Array[]> {
  const source = await proofSourceInSlices(proof, pause);
  const ref = rootRef(source, root);
  const node = ref && source.node(ref);
  if (!node) return [...proof];
  const items: Uint8Array[] = [];
  const add = async (each: TrieNode): Promise<void> => {
    await pause();
    const value = each.value && 'hash' in each.value ? source.value(each.value) : undefined;
    const below: TrieNode[] = [];
    const children = each.children?.list().map((child): ChildRef | undefined => {
      const known = child && !(child instanceof Uint8Array) ? source.node(child) : undefined;
      if (!known) return child;
      below.push(known);
      return OMITTED;
    });
    const encoded = encodeNode({
      ...each,
      children: children && Children.of(children),
      ...(value && { value: { inline: OMITTED } }),
    });
    if (value) items.push(Buffer.concat([ESCAPE, encoded]), value);
    else items.push(encoded);
    for (const child of below) await add(child);
  };
  await add(node);
  return items;
}
