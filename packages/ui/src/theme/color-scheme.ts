import { computed, ref, watch, type ComputedRef, type InjectionKey, type Ref } from 'vue';

export const PREFERENCES = ['system', 'light', 'dark'] as const;
export type SchemePreference = (typeof PREFERENCES)[number];

export interface ColorScheme {
  /** What the person chose; remembered. */
  readonly preference: Ref<SchemePreference>;
  /** What that means at this moment. */
  readonly dark: ComputedRef<boolean>;
}

export const COLOR_SCHEME: InjectionKey<ColorScheme> = Symbol('color scheme');
const STORAGE_KEY = 'hamster.color-scheme';

/** Follows the system until the person chooses a mode. */
export function createColorScheme(view: {
  readonly systemDark: MediaQueryList;
  readonly storage: Pick<Storage, 'getItem' | 'setItem'>;
}): ColorScheme {
  const stored = view.storage.getItem(STORAGE_KEY);
  const preference = ref<SchemePreference>(PREFERENCES.find((known) => known === stored) ?? 'system');
  const system = ref(view.systemDark.matches);
  view.systemDark.addEventListener('change', (event) => (system.value = event.matches));
  watch(preference, (chosen) => view.storage.setItem(STORAGE_KEY, chosen));
  const dark = computed(() => (preference.value === 'system' ? system.value : preference.value === 'dark'));
  return { preference, dark };
}
