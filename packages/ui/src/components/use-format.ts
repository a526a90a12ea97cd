import { useI18n } from 'vue-i18n';
import {
  formatDuration,
  formatGib,
  formatHam,
  formatMib,
  formatMoment,
  type DurationStyle,
} from '../format/index.ts';

/** The formats, in the language of the page. */
export interface Formats {
  ham(planck: bigint): string;
  duration(ms: number, style?: DurationStyle): string;
  moment(ms: number): string;
  mib(mib: number): string;
  gib(gib: number): string;
}

export function useFormat(): Formats {
  const { locale } = useI18n();
  return {
    ham: (planck) => formatHam(planck, locale.value),
    duration: (ms, style) => formatDuration(ms, locale.value, style),
    moment: (ms) => formatMoment(ms, locale.value),
    mib: (mib) => formatMib(mib, locale.value),
    gib: (gib) => formatGib(gib, locale.value),
  };
}
