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
import { ProofDialog } from './ProofDialog.js'
import type { Route } from './routes.js'
import { TerminalProvider } from './terminal-context.js'
import { VerificationBanner } from './VerificationBanner.js'
import { usePhone } from '../interface/use-size.js'
import './app.css'

const WalletPage = lazy(() => import('../pages/wallet/WalletPage.js'))
const SecurityPage = lazy(() => import('../pages/security/SecurityPage.js'))
const OutboxPage = lazy(() => import('../pages/outbox/OutboxPage.js'))
const MailLinkPage = lazy(() => import('../pages/mail-link/MailLinkPage.js'))
const ForgotPasswordPage = lazy(() => import('../pages/log-in/ForgotPasswordPage.js'))
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
  const entering = isEntrance(route.page)
  return (
    <div className="app">
      <DocumentTitle route={route} />
      <Header route={route} />
      <ConnectionBanner />
      <VerificationBanner />
      <main className="app__main">
        <Suspense fallback={null}>
          {route.page === 'trade' && <TradePage symbol={route.market} />}
          {route.page === 'wallet' && <WalletPage />}
          {route.page === 'security' && <SecurityPage />}
          {route.page === 'outbox' && <OutboxPage />}
          {(route.page === 'log-in' || route.page === 'sign-up') && <LogInPage key={route.page} signUp={route.page === 'sign-up'} />}
          {route.page === 'forgot-password' && <ForgotPasswordPage />}
          {(route.page === 'verify-email' || route.page === 'reset-password' || route.page === 'freeze-account') && <MailLinkPage key={route.page} purpose={route.page} />}
        </Suspense>
      </main>
      {phone && !entering && <PhoneBar route={route} />}
      <ProofDialog />
      <NoticeList />
    </div>
  )
}

/** Pages without a way around the terminal: logging in, and what links of mails open. */
function isEntrance(page: Route['page']): boolean {
  return page !== 'trade' && page !== 'wallet' && page !== 'security' && page !== 'outbox'
}
