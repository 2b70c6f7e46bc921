/** The top of every page: the brand, the way to the pages, look, language and account. */
import { useText } from '../i18n/texts.js'
import { Button } from '../interface/Button.js'
import { usePhone } from '../interface/use-size.js'
import { AccountMenu } from './AccountMenu.js'
import { AppearanceMenu } from './AppearanceMenu.js'
import { LanguageMenu } from './LanguageMenu.js'
import { Link, navigate } from './navigation.js'
import type { Route } from './routes.js'
import { useSelect, useTerminal } from './terminal-context.js'
import './header.css'

export function Header({ route }: { route: Route }) {
  const text = useText()
  const phone = usePhone()
  const { exchange, session } = useTerminal()
  const { known, user } = useSelect(session.store, (state) => state)
  return (
    <header className="header">
      <Link to={{ page: 'trade', market: null }} className="header__brand" testId="brand">
        <img src={exchange.brand.logoUrl} alt="" width={26} height={26} />
        <span className="header__name">
          {exchange.brand.name}
          {phone && exchange.simulated && <small data-testid="simulated-badge">{text('header.simulated')}</small>}
        </span>
      </Link>
      {!phone && (
        <nav className="header__pages" aria-label={text('header.pages')}>
          <Link to={{ page: 'trade', market: null }} aria-current={route.page === 'trade' ? 'page' : undefined} testId="nav-trade">{text('header.trade')}</Link>
          <Link to={{ page: 'wallet' }} aria-current={route.page === 'wallet' ? 'page' : undefined} testId="nav-wallet">{text('header.wallet')}</Link>
        </nav>
      )}
      {!phone && exchange.simulated && <span className="header__badge" title={text('header.simulatedLong')} data-testid="simulated-badge">{text('header.simulated')}</span>}
      <div className="header__end">
        <AppearanceMenu />
        <LanguageMenu />
        {known && user !== null && <AccountMenu user={user} />}
        {known && user === null && (
          <>
            <Button look="quiet" size="small" testId="header-log-in" onClick={() => navigate({ page: 'log-in' })}>{text('header.logIn')}</Button>
            {!phone && <Button look="primary" size="small" testId="header-sign-up" onClick={() => navigate({ page: 'sign-up' })}>{text('header.signUp')}</Button>}
          </>
        )}
      </div>
    </header>
  )
}
