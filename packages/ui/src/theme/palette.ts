/** The colours of one mode. Every text colour has at least 4.5:1 on `canvas`, `surface` and its own soft tint. */
export interface Palette {
  readonly canvas: string;
  readonly surface: string;
  readonly raised: string;
  readonly sunken: string;
  readonly ink: string;
  readonly inkSoft: string;
  readonly inkFaint: string;
  readonly line: string;
  readonly lineStrong: string;
  readonly brand: string;
  readonly brandHover: string;
  readonly brandPressed: string;
  readonly brandSoft: string;
  readonly onBrand: string;
  readonly good: string;
  readonly goodSoft: string;
  readonly warn: string;
  readonly warnSoft: string;
  readonly bad: string;
  readonly badHover: string;
  readonly badSoft: string;
  readonly onBad: string;
  readonly info: string;
  readonly infoSoft: string;
  readonly shadow: string;
}

export const LIGHT: Palette = {
  canvas: '#f6f5f2',
  surface: '#ffffff',
  raised: '#ffffff',
  sunken: '#f1efeb',
  ink: '#1b1a17',
  inkSoft: '#55524b',
  inkFaint: '#6b675f',
  line: '#e5e2db',
  lineStrong: '#8a867d',
  brand: '#0d6553',
  brandHover: '#0a5445',
  brandPressed: '#074337',
  brandSoft: '#e3f1ed',
  onBrand: '#ffffff',
  good: '#13693f',
  goodSoft: '#e2f3e8',
  warn: '#8a4b08',
  warnSoft: '#fdf0dc',
  bad: '#b3261e',
  badHover: '#951d16',
  badSoft: '#fce8e6',
  onBad: '#ffffff',
  info: '#1f5aa6',
  infoSoft: '#e6eff9',
  shadow: '0 1px 2px rgb(27 26 23 / 6%), 0 4px 16px rgb(27 26 23 / 5%)',
};

export const DARK: Palette = {
  canvas: '#131514',
  surface: '#1b1e1d',
  raised: '#232726',
  sunken: '#161918',
  ink: '#eceae5',
  inkSoft: '#b7b4ac',
  inkFaint: '#98958d',
  line: '#2e3231',
  lineStrong: '#7b7f7c',
  brand: '#62c9ad',
  brandHover: '#7ad6bd',
  brandPressed: '#4fb497',
  brandSoft: '#1d3530',
  onBrand: '#06231b',
  good: '#6fcb93',
  goodSoft: '#1a3325',
  warn: '#f0b562',
  warnSoft: '#3a2c14',
  bad: '#ff8f85',
  badHover: '#ffa59d',
  badSoft: '#42201d',
  onBad: '#3a0905',
  info: '#8db9f2',
  infoSoft: '#1d2d42',
  shadow: '0 1px 2px rgb(0 0 0 / 40%), 0 4px 16px rgb(0 0 0 / 30%)',
};
