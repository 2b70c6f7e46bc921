/** The parts of the trading page that a phone shows one at a time, named in the address behind `#`. */

export const PHONE_TABS = ['chart', 'book', 'trade', 'orders'] as const
export type PhoneTab = (typeof PHONE_TABS)[number]

export function phoneTab(hash: string): PhoneTab {
  return PHONE_TABS.find((tab) => tab === hash) ?? 'chart'
}
