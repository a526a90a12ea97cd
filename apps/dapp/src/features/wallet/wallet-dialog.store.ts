import { defineStore } from 'pinia';
import { ref } from 'vue';

/** Whether the wallet dialog is open: several places of the page open it. */
export const useWalletDialog = defineStore('wallet-dialog', () => {
  const open = ref(false);
  return { open };
});
