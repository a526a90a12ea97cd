/** Longest storage key: what LMDB takes, with room to spare. Runtime keys have tens of bytes. */
export const MAX_KEY_LENGTH = 1024;
