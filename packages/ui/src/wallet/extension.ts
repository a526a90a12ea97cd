import { WalletError } from './errors.ts';
import type { AccountSource, WalletAccount, WalletConnection } from './account.ts';
import type { InjectedAccount, InjectedHost, InjectedSession } from './injected.ts';
import { toChainAddress } from './ss58.ts';
import { within } from './within.ts';

export interface ExtensionRequest {
  readonly host: InjectedHost;
  /** Name of the extension in `injectedWeb3`. */
  readonly wallet: string;
  /** What the extension shows as the one that asks. */
  readonly origin: string;
  readonly ss58Prefix: number;
  /** How long its owner may take to answer, in ms. */
  readonly timeoutMs: number;
}

/**
 * Asks an extension to let the page in. Rejects with a {@link WalletError}: `WALLET_MISSING`, `WALLET_SILENT` after
 * the timeout, `WALLET_REFUSED`, or `WALLET_EMPTY` if it shows no usable account.
 */
export async function connectExtension(request: ExtensionRequest): Promise<WalletConnection> {
  const { wallet, timeoutMs } = request;
  const session = await enable(request);
  const source: AccountSource = { kind: 'extension', wallet };
  const usable = (accounts: readonly InjectedAccount[]): Promise<WalletAccount[]> =>
    usableAccounts(accounts, source, request.ss58Prefix);
  const first = await usable(await within(session.accounts.get(), timeoutMs, silent(wallet)));
  if (first.length === 0) {
    throw new WalletError('WALLET_EMPTY', `${wallet} shows this page no account that can be used here`);
  }
  return sessionConnection(session, source, first, usable);
}

async function enable({ host, wallet, origin, timeoutMs }: ExtensionRequest): Promise<InjectedSession> {
  const injected = host.injectedWeb3?.[wallet];
  if (injected?.enable === undefined) {
    throw new WalletError('WALLET_MISSING', `The extension ${wallet} is not in this browser`);
  }
  try {
    return await within(injected.enable(origin), timeoutMs, silent(wallet));
  } catch (cause) {
    if (cause instanceof WalletError) throw cause;
    throw new WalletError('WALLET_REFUSED', `${wallet} did not let this page in`, { cause });
  }
}

function sessionConnection(
  session: InjectedSession,
  source: AccountSource,
  first: readonly WalletAccount[],
  usable: (accounts: readonly InjectedAccount[]) => Promise<WalletAccount[]>,
): WalletConnection {
  let current = first;
  return {
    source,
    accounts: () => current,
    onAccounts(listener) {
      const stop = session.accounts.subscribe?.((injected) => {
        void usable(injected).then((accounts) => {
          current = accounts;
          listener(accounts);
        });
      });
      return () => stop?.();
    },
    signerFor(address) {
      if (!current.some((account) => account.address === address)) {
        throw new WalletError('ACCOUNT_UNKNOWN', `The wallet no longer shows the account ${address}`);
      }
      return { kind: 'wallet', address, signer: session.signer };
    },
  };
}

/** Accounts with other signature schemes (such as Ethereum's) cannot sign here and are left out. */
async function usableAccounts(
  accounts: readonly InjectedAccount[],
  source: AccountSource,
  ss58Prefix: number,
): Promise<WalletAccount[]> {
  const substrate = accounts.filter(({ address, type }) => type !== 'ethereum' && !address.startsWith('0x'));
  return Promise.all(
    substrate.map(async ({ address, name }) => ({
      address: await toChainAddress(address, ss58Prefix),
      name: name ?? '',
      source,
    })),
  );
}

function silent(wallet: string): () => WalletError {
  return () => new WalletError('WALLET_SILENT', `${wallet} did not answer in time`);
}
