/** The addresses of the terminal. */

export type Route =
  | { readonly page: 'trade'; readonly market: string | null }
  | { readonly page: SinglePage }

/** Pages whose address is their name. */
const SINGLE_PAGES = ['wallet', 'security', 'outbox', 'log-in', 'sign-up', 'forgot-password', 'verify-email', 'reset-password', 'freeze-account'] as const
export type SinglePage = (typeof SINGLE_PAGES)[number]

/** Reads an address; whatever is not known leads to trading. */
export function readRoute(path: string): Route {
  const [first, second] = path.split('/').filter((part) => part !== '')
  const single = SINGLE_PAGES.find((page) => page === first)
  if (single !== undefined) return { page: single }
  if (first === 'trade' && second !== undefined) return { page: 'trade', market: decodeURIComponent(second).toUpperCase() }
  return { page: 'trade', market: null }
}

export function routePath(route: Route): string {
  if (route.page !== 'trade') return `/${route.page}`
  return route.market === null ? '/' : `/trade/${route.market}`
}
