import type { PortableType, TypeDef } from './portable.ts';
import { withTypeNames } from './type-names.ts';
import type { AnyType } from './type.ts';

const isGeneric = (type: AnyType): boolean => type.path.length === 1;

/** Collects types for metadata: gives each an id, the same id to the same type, and follows types that contain themselves. */
export class TypeRegistry {
  readonly #types: (PortableType | undefined)[] = [];
  readonly #ids = new Map<AnyType, number>();
  readonly #idsByShape = new Map<string, number>();

  /** The type's id; the type and all that it is made of are in the registry afterwards. */
  readonly idOf = (type: AnyType): number => {
    const known = this.#ids.get(type);
    if (known !== undefined) return known;
    const id = type.target ? this.idOf(type.target()) : this.#add(type);
    this.#ids.set(type, id);
    return id;
  };

  /** All types, in the order of their ids, their fields with the names of their types. */
  list(): PortableType[] {
    return withTypeNames(this.#types.filter((type) => type !== undefined));
  }

  // A named type takes its id before its parts do, so that a part may refer back to it.
  // Nameless ones (and Option, Result) are the same when they look the same.
  #add(type: AnyType): number {
    return type.path.length > 0 && !isGeneric(type) ? this.#addNamed(type) : this.#addByShape(type);
  }

  #addNamed(type: AnyType): number {
    const id = this.#reserve();
    this.#ids.set(type, id);
    this.#fill(id, type, type.describe(this.idOf));
    return id;
  }

  #addByShape(type: AnyType): number {
    const def = type.describe(this.idOf);
    const shape = JSON.stringify([type.path, def]);
    const known = this.#idsByShape.get(shape);
    if (known !== undefined) return known;
    const id = this.#reserve();
    this.#idsByShape.set(shape, id);
    this.#fill(id, type, def);
    return id;
  }

  #reserve(): number {
    return this.#types.push(undefined) - 1;
  }

  #fill(id: number, type: AnyType, def: TypeDef): void {
    const params = Object.entries(type.params).map(([name, param]) => ({
      name,
      type: param && this.idOf(param),
    }));
    this.#types[id] = { id, path: [...type.path], params, def, docs: [...type.docs] };
  }
}
