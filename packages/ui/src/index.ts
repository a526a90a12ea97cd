export { default as HamsterLogo } from './brand/HamsterLogo.vue';
export { default as HamsterMark } from './brand/HamsterMark.vue';
export { default as CommandLine } from './components/CommandLine.vue';
export { default as CopyButton } from './components/CopyButton.vue';
export { default as DialogBox } from './components/DialogBox.vue';
export { default as EmptyState } from './components/EmptyState.vue';
export { default as ErrorState } from './components/ErrorState.vue';
export { default as FactList } from './components/FactList.vue';
export { default as FactRow } from './components/FactRow.vue';
export { default as HamAmount } from './components/HamAmount.vue';
export { default as NoticeBox } from './components/NoticeBox.vue';
export { default as RangeField } from './components/RangeField.vue';
export { default as SelectField } from './components/SelectField.vue';
export { default as StatusPill } from './components/StatusPill.vue';
export { default as StepList } from './components/StepList.vue';
export { default as TextField } from './components/TextField.vue';
export { default as UiIcon } from './components/UiIcon.vue';
export type { IconName } from './components/icons.ts';
export type { Step } from './components/step.ts';
export type { Tone } from './components/tone.ts';
export { useFormat, type Formats } from './components/use-format.ts';
export {
  COLOR_SCHEME,
  createColorScheme,
  PREFERENCES,
  type ColorScheme,
  type SchemePreference,
} from './theme/color-scheme.ts';
export { default as ThemeProvider } from './theme/ThemeProvider.vue';
