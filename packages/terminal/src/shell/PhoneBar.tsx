/** The bar at the lower edge of a phone: the parts of the terminal, one at a time. */
import { useText } from '../i18n/texts.js'
import type { TextKey } from '../i18n/text-keys.js'
import { Icon, type IconName } from '../interface/icons.js'
import { Link, useHash } from './navigation.js'
import { phoneTab, type PhoneTab } from './phone-tabs.js'
import type { Route } from './routes.js'
import './phone-bar.css'

const TABS: readonly { tab: PhoneTab; icon: IconName; text: TextKey }[] = [
  { tab: 'chart', icon: 'chart', text: 'phone.chart' },
  { tab: 'book', icon: 'book', text: 'phone.book' },
  { tab: 'trade', icon: 'swap', text: 'phone.trade' },
  { tab: 'orders', icon: 'list', text: 'phone.orders' },
]

export function PhoneBar({ route }: { route: Route }) {
  const text = useText()
  const current = phoneTab(useHash())
  const trade: Route = route.page === 'trade' ? route : { page: 'trade', market: null }
  return (
    <nav className="phone-bar" aria-label={text('header.pages')}>
      {TABS.map(({ tab, icon, text: label }) => (
        <Link key={tab} to={trade} hash={tab} aria-current={route.page === 'trade' && current === tab ? 'page' : undefined} testId={`phone-${tab}`}>
          <Icon name={icon} size={20} />
          {text(label)}
        </Link>
      ))}
      <Link to={{ page: 'wallet' }} aria-current={route.page === 'wallet' ? 'page' : undefined} testId="phone-wallet">
        <Icon name="wallet" size={20} />
        {text('header.wallet')}
      </Link>
    </nav>
  )
}
