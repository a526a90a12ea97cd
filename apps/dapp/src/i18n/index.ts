import { createI18n } from 'vue-i18n';
import { en } from './en/index.ts';

/** The page's words. Another language: a catalogue of the same shape as `en`, named here, and a way to choose it. */
export function createMessages() {
  return createI18n({ legacy: false, locale: 'en', fallbackLocale: 'en', messages: { en } });
}
