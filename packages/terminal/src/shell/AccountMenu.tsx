/** Who is logged in, and the way out. */
import { errorText } from '../interface/error-text.js'
import { useText } from '../i18n/texts.js'
import { Icon } from '../interface/icons.js'
import { MenuItem, Popover } from '../interface/Popover.js'
import type { User } from '../stores/wire.js'
import { navigate } from './navigation.js'
import { useTerminal } from './terminal-context.js'

export function AccountMenu({ user }: { user: User }) {
  const text = useText()
  const { session, notices } = useTerminal()
  const logOut = async (): Promise<void> => {
    try {
      await session.logOut()
      notices.show({ kind: 'info', title: text('notice.loggedOut') })
      navigate({ page: 'trade', market: null })
    } catch (error) {
      notices.show({ kind: 'error', title: text('notice.logOutFailed'), detail: errorText(error) })
    }
  }
  return (
    <Popover
      align="end"
      label={text('account.title')}
      trigger={(properties) => (
        <button {...properties} type="button" className="header__account" aria-label={text('account.of', { email: user.email })} data-testid="account-menu">
          <Icon name="user" />
          <span>{user.email}</span>
          <Icon name="chevronDown" size={12} />
        </button>
      )}
    >
      {(close) => (
        <>
          <p className="menu-note">{user.email}</p>
          <div className="menu-line" />
          <MenuItem
            onSelect={() => {
              navigate({ page: 'wallet' })
              close()
            }}
          >
            <Icon name="wallet" />
            {text('header.wallet')}
          </MenuItem>
          <MenuItem
            testId="menu-security"
            onSelect={() => {
              navigate({ page: 'security' })
              close()
            }}
          >
            <Icon name="shield" />
            {text('security.title')}
          </MenuItem>
          <MenuItem
            testId="log-out"
            onSelect={() => {
              close()
              void logOut()
            }}
          >
            <Icon name="logOut" />
            {text('account.logOut')}
          </MenuItem>
        </>
      )}
    </Popover>
  )
}
