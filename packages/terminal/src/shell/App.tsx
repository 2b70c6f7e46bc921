/** The frame of every page: header, the page itself, what lies over it. */
import { lazy, Suspense } from 'react'
import type { Terminal } from '../stores/terminal.js'
import { TradePage } from '../pages/trade/TradePage.js'
import { ConnectionBanner } from './ConnectionBanner.js'
import { DocumentTitle } from './DocumentTitle.js'
import { Header } from './Header.js'
import { useRoute } from './navigation.js'
import { NoticeList } from './NoticeList.js'
import { PhoneBar } from './PhoneBar.js'
import { TerminalProvider } from './terminal-context.js'
import { usePhone } from '../interface/use-size.js'
import './app.css'

const WalletPage = lazy(() => import('../pages/wallet/WalletPage.js'))
const LogInPage = lazy(() => import('../pages/log-in/LogInPage.js'))

export function App({ terminal }: { terminal: Terminal }) {
  return (
    <TerminalProvider terminal={terminal}>
      <Page />
    </TerminalProvider>
  )
}

function Page() {
  const route = useRoute()
  const phone = usePhone()
  const entering = route.page === 'log-in' || route.page === 'sign-up'
  return (
    <div className="app">
      <DocumentTitle route={route} />
      <Header route={route} />
      <ConnectionBanner />
      <main className="app__main">
        <Suspense fallback={null}>
          {route.page === 'trade' && <TradePage symbol={route.market} />}
          {route.page === 'wallet' && <WalletPage />}
          {entering && <LogInPage key={route.page} signUp={route.page === 'sign-up'} />}
        </Suspense>
      </main>
      {phone && !entering && <PhoneBar route={route} />}
      <NoticeList />
    </div>
  )
}
