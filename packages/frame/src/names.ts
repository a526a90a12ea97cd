const snakeCase = (name: string): string =>
  name.replace(/(?<=[a-z0-9])[A-Z]/g, (letter) => `_${letter}`).toLowerCase();

/** The crate whose types carry the pallet's name in metadata. */
export const crateOf = (pallet: string): string =>
  pallet === 'System' ? 'frame_system' : `pallet_${snakeCase(pallet)}`;

/** The key under which genesis configuration and clients know the pallet: its name in camelCase. */
export const camelCase = (pallet: string): string => pallet.charAt(0).toLowerCase() + pallet.slice(1);
