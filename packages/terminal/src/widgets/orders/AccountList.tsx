/** What every list of one's own orders has: a word to those who are not logged in, the choice of markets. */
import type { ReactNode } from 'react'
import { useText } from '../../i18n/texts.js'
import { Button } from '../../interface/Button.js'
import { EmptyState } from '../../interface/EmptyState.js'
import type { IconName } from '../../interface/icons.js'
import { navigate } from '../../shell/navigation.js'
import { useSelect, useTerminal, useUser } from '../../shell/terminal-context.js'
import type { TextKey } from '../../i18n/text-keys.js'
import './account-list.css'

export interface AccountListProps {
  /** What could be seen after logging in. */
  invitation: TextKey
  icon: IconName
  actions?: ReactNode
  /** Offers to show the orders of all markets. */
  markets?: boolean
  children: ReactNode
}

export function AccountList({ invitation, icon, actions, markets = true, children }: AccountListProps) {
  const text = useText()
  const user = useUser()
  const { session } = useTerminal()
  const known = useSelect(session.store, (state) => state.known)
  if (user === null) {
    return known ? (
      <EmptyState icon={icon} title={text(invitation)}>
        <Button look="primary" size="small" onClick={() => navigate({ page: 'log-in' })}>{text('header.logIn')}</Button>
        <Button size="small" onClick={() => navigate({ page: 'sign-up' })}>{text('header.signUp')}</Button>
      </EmptyState>
    ) : null
  }
  return (
    <div className="account-list">
      {(markets || actions !== undefined) && (
        <div className="account-list__bar">
          {markets && <AllMarkets />}
          <span className="account-list__actions">{actions}</span>
        </div>
      )}
      <div className="account-list__body">{children}</div>
    </div>
  )
}

function AllMarkets() {
  const text = useText()
  const { preferences } = useTerminal()
  const allMarkets = useSelect(preferences, (state) => state.allMarkets)
  return (
    <label className="check">
      <input type="checkbox" checked={allMarkets} data-testid="orders-all-markets" onChange={(event) => preferences.setState({ allMarkets: event.target.checked })} />
      {text('orders.allMarkets')}
    </label>
  )
}

/** Leaves out what belongs to other markets, unless all are wanted. */
export function useMarketFilter(symbol: string): (item: { readonly market: string }) => boolean {
  const { preferences } = useTerminal()
  const allMarkets = useSelect(preferences, (state) => state.allMarkets)
  return (item) => allMarkets || item.market === symbol
}
