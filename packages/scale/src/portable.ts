/** A type as metadata shows it (scale-info's `PortableType`), in the shape of the metadata codec that frame uses. */
export interface PortableType {
  readonly id: number;
  readonly path: string[];
  readonly params: { name: string; type: number | undefined }[];
  readonly def: TypeDef;
  readonly docs: string[];
}

export interface PortableField {
  readonly name: string | undefined;
  readonly type: number;
  readonly typeName: string | undefined;
  readonly docs: string[];
}

export interface PortableVariant {
  readonly name: string;
  readonly index: number;
  readonly fields: PortableField[];
  readonly docs: string[];
}

export type PrimitiveName = 'bool' | 'str' | 'u8' | 'u16' | 'u32' | 'u64' | 'u128';

export type TypeDef =
  | { readonly tag: 'primitive'; readonly value: { readonly tag: PrimitiveName; readonly value: undefined } }
  | { readonly tag: 'compact'; readonly value: number }
  | { readonly tag: 'sequence'; readonly value: number }
  | { readonly tag: 'array'; readonly value: { readonly len: number; readonly type: number } }
  | { readonly tag: 'tuple'; readonly value: number[] }
  | { readonly tag: 'composite'; readonly value: PortableField[] }
  | { readonly tag: 'variant'; readonly value: PortableVariant[] };
