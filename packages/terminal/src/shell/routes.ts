/** The addresses of the terminal. */

export type Route =
  | { readonly page: 'trade'; readonly market: string | null }
  | { readonly page: 'wallet' }
  | { readonly page: 'log-in' }
  | { readonly page: 'sign-up' }

/** Reads an address; whatever is not known leads to trading. */
export function readRoute(path: string): Route {
  const [first, second] = path.split('/').filter((part) => part !== '')
  if (first === 'wallet' || first === 'log-in' || first === 'sign-up') return { page: first }
  if (first === 'trade' && second !== undefined) return { page: 'trade', market: decodeURIComponent(second).toUpperCase() }
  return { page: 'trade', market: null }
}

export function routePath(route: Route): string {
  if (route.page !== 'trade') return `/${route.page}`
  return route.market === null ? '/' : `/trade/${route.market}`
}
