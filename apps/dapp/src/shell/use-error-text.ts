import { ChainError, DispatchFailed } from '@hamster/chain-client/errors';
import { WalletError } from '@hamster/ui/wallet';
import { useI18n } from 'vue-i18n';

/** A sentence for a person about anything that was thrown. The client's own, in English, where the catalogue has none. */
export function useErrorText(): (error: unknown) => string {
  const { t, te } = useI18n();
  const known = (key: string, otherwise: string): string => (te(key) ? t(key) : otherwise);
  return (error) => {
    if (error instanceof WalletError) return t(`errors.wallet.${error.code}`);
    if (error instanceof DispatchFailed) return known(`errors.dispatch.${error.error}`, error.message);
    if (error instanceof ChainError) return known(`errors.chain.${error.code}`, error.message);
    return t('errors.unknown');
  };
}
