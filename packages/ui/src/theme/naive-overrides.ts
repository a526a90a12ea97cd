import type { GlobalThemeOverrides } from 'naive-ui';
import type { Palette } from './palette.ts';

const SANS = "'Inter Variable', Inter, system-ui, -apple-system, 'Segoe UI', Roboto, 'Noto Sans', sans-serif";
const MONO = "ui-monospace, 'SF Mono', 'JetBrains Mono', Menlo, Consolas, 'DejaVu Sans Mono', monospace";

/** The component library dressed in our colours. */
export function naiveOverrides(palette: Palette): GlobalThemeOverrides {
  return {
    common: common(palette),
    Button: buttons(palette),
    Input: inputs(palette),
    Progress: { fillColor: palette.brand, railColor: palette.line },
  };
}

function common(palette: Palette): GlobalThemeOverrides['common'] {
  return {
    fontFamily: SANS,
    fontFamilyMono: MONO,
    fontSize: '15px',
    fontSizeMedium: '15px',
    borderRadius: '8px',
    borderRadiusSmall: '6px',
    bodyColor: palette.canvas,
    cardColor: palette.surface,
    modalColor: palette.raised,
    popoverColor: palette.raised,
    borderColor: palette.line,
    dividerColor: palette.line,
    textColorBase: palette.ink,
    textColor1: palette.ink,
    textColor2: palette.ink,
    textColor3: palette.inkSoft,
    placeholderColor: palette.inkFaint,
    iconColor: palette.inkFaint,
    primaryColor: palette.brand,
    primaryColorHover: palette.brandHover,
    primaryColorPressed: palette.brandPressed,
    primaryColorSuppl: palette.brandHover,
    errorColor: palette.bad,
    errorColorHover: palette.badHover,
    errorColorPressed: palette.badHover,
    errorColorSuppl: palette.bad,
    warningColor: palette.warn,
    successColor: palette.good,
    infoColor: palette.info,
  };
}

function buttons(palette: Palette): GlobalThemeOverrides['Button'] {
  return {
    textColorPrimary: palette.onBrand,
    textColorHoverPrimary: palette.onBrand,
    textColorPressedPrimary: palette.onBrand,
    textColorFocusPrimary: palette.onBrand,
    textColorDisabledPrimary: palette.onBrand,
    textColorError: palette.onBad,
    textColorHoverError: palette.onBad,
    textColorPressedError: palette.onBad,
    textColorFocusError: palette.onBad,
    border: `1px solid ${palette.lineStrong}`,
    fontWeight: '500',
    heightMedium: '38px',
    heightLarge: '44px',
  };
}

function inputs(palette: Palette): GlobalThemeOverrides['Input'] {
  return {
    border: `1px solid ${palette.lineStrong}`,
    color: palette.surface,
    colorFocus: palette.surface,
    heightMedium: '38px',
  };
}
