import {
  connectDevelopment,
  connectExtension,
  WalletError,
  type AccountSigner,
  type AccountSource,
  type WalletAccount,
  type WalletConnection,
} from '@hamster/ui/wallet';
import { defineStore } from 'pinia';
import { computed, inject, ref, shallowRef, watch } from 'vue';
import { PAGE } from '../../chain/keys.ts';
import { useSession } from '../../chain/session.store.ts';
import { forgetChoice, recallChoice, rememberChoice } from './remembered-account.ts';

const ORIGIN = 'Hamster';
const OWNER_ANSWERS_WITHIN_MS = 120_000;

/** The wallet that the page was let into, and the account that was chosen there. */
export const useWallet = defineStore('wallet', () => {
  const page = inject(PAGE);
  const session = useSession();
  const connection = shallowRef<WalletConnection>();
  const accounts = shallowRef<readonly WalletAccount[]>([]);
  const address = ref<string>();
  const account = computed(() => accounts.value.find((known) => known.address === address.value));
  /** The account of the last visit, until its wallet has answered. */
  const awaited = shallowRef(page === undefined ? undefined : recallChoice(page.storage));
  let stopListening: (() => void) | undefined;

  /** Rejects with a `WalletError`. An extension asks its owner first. */
  async function connect(source: AccountSource): Promise<void> {
    adopt(await open(source));
  }

  function open(source: AccountSource): Promise<WalletConnection> {
    const ss58Prefix = session.identity?.ss58Prefix ?? 42;
    if (source.kind === 'development') return connectDevelopment(ss58Prefix);
    return connectExtension({
      host: page?.wallets ?? {},
      wallet: source.wallet,
      origin: ORIGIN,
      ss58Prefix,
      timeoutMs: OWNER_ANSWERS_WITHIN_MS,
    });
  }

  function adopt(opened: WalletConnection): void {
    stopListening?.();
    connection.value = opened;
    accounts.value = opened.accounts();
    stopListening = opened.onAccounts((changed) => (accounts.value = changed));
  }

  function choose(chosen: WalletAccount): void {
    address.value = chosen.address;
    if (page !== undefined) rememberChoice(page.storage, chosen);
  }

  function disconnect(): void {
    stopListening?.();
    stopListening = undefined;
    connection.value = undefined;
    accounts.value = [];
    address.value = undefined;
    if (page !== undefined) forgetChoice(page.storage);
  }

  /** Throws a `WalletError` if no account is chosen. */
  function signer(): AccountSigner {
    if (connection.value === undefined || address.value === undefined) {
      throw new WalletError('ACCOUNT_UNKNOWN', 'No account is chosen');
    }
    return connection.value.signerFor(address.value);
  }

  /** Takes up the account of the last visit, silently: an extension that no longer wants us stays away. */
  async function restore(): Promise<void> {
    const choice = awaited.value;
    const usable = choice?.source.kind === 'extension' || session.isDevelopment;
    try {
      if (choice === undefined || !usable || connection.value !== undefined) return;
      await connect(choice.source);
      address.value ??= choice.address;
    } catch (error) {
      if (!(error instanceof WalletError)) throw error;
    } finally {
      awaited.value = undefined;
    }
  }

  watch(
    () => session.identity,
    (info) => {
      if (info === undefined) return;
      if (connection.value?.source.kind === 'development' && !session.isDevelopment) disconnect();
      void restore();
    },
    { immediate: true },
  );

  return { connection, accounts, account, address, awaited, connect, choose, disconnect, signer };
});
