/** How everything looks: one accent colour, cool greys, dense. Colours of meaning: teal is well, yellow is a worry, red is an attack. */
import { createTheme, type CSSVariablesResolver, type MantineColorsTuple } from '@mantine/core';

const accent: MantineColorsTuple = [
  '#eef2fd',
  '#dde4f8',
  '#b9c7f0',
  '#92a8e8',
  '#728ee1',
  '#5e7ddd',
  '#4d6fd9',
  '#3f5fc4',
  '#3654b0',
  '#2a479b',
];

/** Darker than Mantine's: white on it, and it on white, have a contrast of 4.5 and more. */
const red: MantineColorsTuple = [
  '#fff0f0',
  '#ffe0e1',
  '#fbc0c4',
  '#f59aa0',
  '#f0767e',
  '#e8525c',
  '#d8323e',
  '#cb2833',
  '#b3202b',
  '#961a23',
];

/** Surfaces of the dark scheme: 7 is the page, 6 fields, 4 borders, 2 dimmed text, 0 text. */
const dark: MantineColorsTuple = [
  '#d9dde4',
  '#b6bdc8',
  '#949ca9',
  '#555c69',
  '#353b46',
  '#282d35',
  '#1e2228',
  '#15181d',
  '#101216',
  '#0b0c0f',
];

const FONT = "'Inter Variable', system-ui, -apple-system, 'Segoe UI', sans-serif";

export const theme = createTheme({
  colors: { accent, dark, red },
  primaryColor: 'accent',
  primaryShade: { light: 7, dark: 7 },
  fontFamily: FONT,
  fontFamilyMonospace: "ui-monospace, 'SFMono-Regular', 'DejaVu Sans Mono', Menlo, Consolas, monospace",
  headings: {
    fontFamily: FONT,
    fontWeight: '600',
    sizes: {
      h1: { fontSize: '1.375rem', lineHeight: '1.3' },
      h2: { fontSize: '1.0625rem', lineHeight: '1.4' },
      h3: { fontSize: '0.9375rem', lineHeight: '1.4' },
    },
  },
  fontSizes: { xs: '0.75rem', sm: '0.8125rem', md: '0.875rem', lg: '1rem', xl: '1.125rem' },
  defaultRadius: 'md',
  radius: { sm: '0.25rem', md: '0.375rem', lg: '0.625rem' },
  cursorType: 'pointer',
  components: {
    Button: { defaultProps: { size: 'sm' } },
    // Nearly every field must be filled in: the few that need not say so.
    TextInput: { defaultProps: { size: 'sm', withAsterisk: false } },
    PasswordInput: {
      defaultProps: {
        size: 'sm',
        withAsterisk: false,
        visibilityToggleButtonProps: { 'aria-label': 'Show or hide the password' },
      },
    },
    Select: { defaultProps: { size: 'sm', withAsterisk: false, allowDeselect: false } },
    NumberInput: { defaultProps: { size: 'sm', withAsterisk: false } },
    Textarea: { defaultProps: { size: 'sm', withAsterisk: false } },
    Card: { defaultProps: { withBorder: true, padding: 'md', radius: 'lg' } },
    Badge: { defaultProps: { variant: 'light', radius: 'sm', tt: 'none', fw: 500 } },
    Tooltip: { defaultProps: { withArrow: true, openDelay: 300, events: { hover: true, focus: true, touch: true } } },
    Table: { defaultProps: { verticalSpacing: 7, horizontalSpacing: 'sm' } },
    // The placeholder is a focusable child that no menu may have (WAI-ARIA).
    Menu: { defaultProps: { withInitialFocusPlaceholder: false } },
    Modal: { defaultProps: { centered: true, radius: 'lg', closeButtonProps: { 'aria-label': 'Close' } } },
    Drawer: { defaultProps: { closeButtonProps: { 'aria-label': 'Close' } } },
    Notification: { defaultProps: { closeButtonProps: { 'aria-label': 'Close' } } },
  },
});

/** Mantine's dimmed text and errors on white have a contrast of 3.3, its teal badges 4.3; WCAG AA asks for 4.5. */
export const cssVariables: CSSVariablesResolver = () => ({
  variables: {},
  light: {
    '--mantine-color-dimmed': '#5b636d',
    '--mantine-color-placeholder': '#6b737d',
    '--mantine-color-error': '#c92a2a',
    '--mantine-color-teal-light-color': '#05614a',
    '--mantine-color-yellow-light-color': '#7a4b00',
    '--mantine-color-anchor': accent[8],
    '--ringfence-page': '#f7f8fa',
    '--ringfence-surface': '#ffffff',
    '--ringfence-border': '#e3e6ea',
    '--ringfence-hover': '#f1f3f6',
  },
  dark: {
    '--mantine-color-placeholder': dark[2],
    '--mantine-color-error': '#ff8787',
    // Red text on dark surfaces; filled buttons have their own shade.
    '--mantine-color-red-6': red[4],
    // Grey badges: Mantine's are black on this page.
    '--mantine-color-gray-light': dark[5],
    '--mantine-color-gray-light-color': dark[0],
    '--mantine-color-anchor': accent[3],
    '--ringfence-page': dark[8],
    '--ringfence-surface': dark[7],
    '--ringfence-border': dark[5],
    '--ringfence-hover': dark[6],
  },
});
