/** What the tests use of WebAssembly: TypeScript has it in the library for browsers only. */
declare namespace WebAssembly {
  type Imports = Record<string, (...args: never[]) => unknown>;

  class Module {
    constructor(bytes: Uint8Array);
    static customSections(module: Module, name: string): ArrayBuffer[];
    static exports(module: Module): { readonly name: string; readonly kind: string }[];
    static imports(module: Module): { readonly name: string; readonly module: string }[];
  }

  class Instance {
    constructor(module: Module, imports: Record<string, Imports>);
    readonly exports: Record<string, unknown>;
  }

  class Memory {
    constructor(size: { initial: number });
    readonly buffer: ArrayBuffer;
    grow(pages: number): number;
  }
}
