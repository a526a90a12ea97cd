/** Words of the shared components; an app's catalogue holds them under `ui`. */
export const uiMessages = {
  close: 'Close',
  copy: 'Copy',
  copyState: {
    idle: 'Copy',
    copied: 'Copied',
    failed: 'Could not copy: select the text instead',
  },
  retry: 'Try again',
} as const;
