/** The looks to choose from: theme tokens of the terminal, for dark and light. */

/** Token -> CSS value; the tokens are those of the terminal. */
export type Tokens = Readonly<Record<string, string>>

export interface Look {
  readonly title: string
  readonly dark: Tokens & { readonly '--color-accent': string }
  readonly light: Tokens & { readonly '--color-accent': string }
}

export const LOOKS = {
  midnight: {
    title: 'Midnight: blue-grey with an indigo accent',
    dark: {
      '--color-accent': '#4c68e6',
      '--color-bg': '#090c11',
      '--color-surface': '#10141b',
      '--color-surface-raised': '#181d27',
      '--color-surface-hover': '#1c222d',
      '--color-border': '#222936',
      '--color-border-strong': '#3a4455',
    },
    light: {
      '--color-accent': '#3a57d6',
      '--color-bg': '#eef1f5',
      '--color-surface': '#ffffff',
      '--color-surface-raised': '#ffffff',
      '--color-surface-hover': '#f1f4f8',
      '--color-border': '#e1e6ee',
      '--color-border-strong': '#aab5c5',
    },
  },
  graphite: {
    title: 'Graphite: neutral greys with an amber accent',
    dark: {
      '--color-accent': '#f0b90b',
      '--color-bg': '#0b0b0c',
      '--color-surface': '#131416',
      '--color-surface-raised': '#1c1d20',
      '--color-surface-hover': '#222327',
      '--color-border': '#27292d',
      '--color-border-strong': '#43464c',
    },
    light: {
      '--color-accent': '#946800',
      '--color-bg': '#f0f0ee',
      '--color-surface': '#ffffff',
      '--color-surface-raised': '#ffffff',
      '--color-surface-hover': '#f5f5f3',
      '--color-border': '#e4e4e0',
      '--color-border-strong': '#b4b4ac',
    },
  },
  ocean: {
    title: 'Ocean: deep teal with a cyan accent',
    dark: {
      '--color-accent': '#22b8cf',
      '--color-bg': '#050d10',
      '--color-surface': '#0a161a',
      '--color-surface-raised': '#112126',
      '--color-surface-hover': '#15282e',
      '--color-border': '#1a3037',
      '--color-border-strong': '#2f4d56',
    },
    light: {
      '--color-accent': '#0b7285',
      '--color-bg': '#eaf2f4',
      '--color-surface': '#ffffff',
      '--color-surface-raised': '#ffffff',
      '--color-surface-hover': '#eff6f7',
      '--color-border': '#dae6e9',
      '--color-border-strong': '#a2b8be',
    },
  },
  plum: {
    title: 'Plum: violet dusk with a magenta accent',
    dark: {
      '--color-accent': '#b84be0',
      '--color-bg': '#0d0912',
      '--color-surface': '#15101c',
      '--color-surface-raised': '#1f1829',
      '--color-surface-hover': '#251d31',
      '--color-border': '#2c2339',
      '--color-border-strong': '#483a5a',
    },
    light: {
      '--color-accent': '#8a2bb5',
      '--color-bg': '#f4f0f7',
      '--color-surface': '#ffffff',
      '--color-surface-raised': '#ffffff',
      '--color-surface-hover': '#f8f4fa',
      '--color-border': '#eae2f0',
      '--color-border-strong': '#bbadc8',
    },
  },
} as const satisfies Record<string, Look>

export type LookName = keyof typeof LOOKS
export const LOOK_NAMES = Object.keys(LOOKS) as LookName[]
export const DEFAULT_LOOK: LookName = 'midnight'

/** `brand/theme.json` for a look, with an accent of one's own over both appearances. */
export function themeOf(look: LookName, accent: string | undefined): { readonly dark: Tokens; readonly light: Tokens } {
  const own = accent === undefined ? {} : { '--color-accent': accent }
  return { dark: { ...LOOKS[look].dark, ...own }, light: { ...LOOKS[look].light, ...own } }
}
