/** The names of the theme tokens that a brand may override, each with what it is for. */

/** Colours differ by appearance; values are in `tokens.css`. */
export const COLOR_TOKENS = {
  '--color-bg': 'behind everything: the gaps between widgets',
  '--color-surface': 'widgets, header, page cards',
  '--color-surface-raised': 'inputs, menus, dialogs, notices',
  '--color-surface-hover': 'rows and buttons under the pointer, selected tabs',
  '--color-border': 'lines between parts',
  '--color-border-strong': 'outlines of inputs and buttons',
  '--color-text': 'text',
  '--color-muted': 'labels, headings of columns, secondary text',
  '--color-accent': 'fill of primary buttons, marks of selected tabs, slider',
  '--color-on-accent': 'text on the accent; chosen by contrast when a brand sets only the accent',
  '--color-accent-text': 'links and selected labels on surfaces; follows the accent when a brand sets only that',
  '--color-buy': 'bids, rises, buy orders: as text',
  '--color-sell': 'asks, falls, sell orders, errors: as text',
  '--color-chart-up': 'rising candles, bids in the depth curve; follows a brand\'s buy colour',
  '--color-chart-down': 'falling candles, asks in the depth curve; follows a brand\'s sell colour',
  '--color-buy-fill': 'fill of buy buttons',
  '--color-sell-fill': 'fill of sell buttons',
  '--color-on-side': 'text on buy and sell buttons',
  '--color-warning': 'warnings, the badge of a simulated market',
  '--color-focus': 'the ring around what has the keyboard focus',
  '--color-shadow': 'shadow below menus and dialogs',
} as const

/** Measures and fonts, the same in both appearances. */
export const MEASURE_TOKENS = {
  '--font-family': 'all text; fonts that the device has, nothing is loaded',
  '--font-size-small': 'headings of columns, badges',
  '--font-size-data': 'numbers in books, tapes and tables',
  '--font-size-text': 'everything else',
  '--font-size-large': 'headings of dialogs, the last price',
  '--font-size-title': 'headings of pages',
  '--radius-small': 'corners of badges and small buttons',
  '--radius': 'corners of inputs and buttons',
  '--radius-large': 'corners of dialogs and cards',
  '--size-control': 'height of inputs and buttons',
  '--size-row': 'height of a row of book and tape',
} as const

export type ThemeToken = keyof typeof COLOR_TOKENS | keyof typeof MEASURE_TOKENS

export const THEME_TOKENS: readonly ThemeToken[] = [...(Object.keys(COLOR_TOKENS) as ThemeToken[]), ...(Object.keys(MEASURE_TOKENS) as ThemeToken[])]
