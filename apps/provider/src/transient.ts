/** True for what passes by itself: a node or hypervisor that does not answer now. */
export const isTransient = (error: unknown): boolean =>
  error instanceof Error && 'fault' in error && error.fault === 'transient';
