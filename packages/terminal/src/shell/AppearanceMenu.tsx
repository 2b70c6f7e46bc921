/** Chooses light, dark, or as the device. */
import { useText } from '../i18n/texts.js'
import { IconButton } from '../interface/Button.js'
import { MenuItem, Popover } from '../interface/Popover.js'
import type { AppearanceChoice } from '../stores/preferences.js'
import { Icon, type IconName } from '../interface/icons.js'
import { useSelect, useTerminal } from './terminal-context.js'

const CHOICES: readonly { choice: AppearanceChoice; icon: IconName; text: 'appearance.light' | 'appearance.dark' | 'appearance.system' }[] = [
  { choice: 'light', icon: 'sun', text: 'appearance.light' },
  { choice: 'dark', icon: 'moon', text: 'appearance.dark' },
  { choice: 'system', icon: 'system', text: 'appearance.system' },
]

export function AppearanceMenu() {
  const text = useText()
  const { preferences, exchange } = useTerminal()
  const chosen = useSelect(preferences, (state) => state.appearance) ?? exchange.brand.defaultAppearance
  const icon = CHOICES.find(({ choice }) => choice === chosen)?.icon ?? 'moon'
  return (
    <Popover align="end" label={text('appearance.title')} trigger={(properties) => <IconButton {...properties} icon={icon} label={text('appearance.title')} testId="appearance-menu" />}>
      {(close) =>
        CHOICES.map((option) => (
          <MenuItem
            key={option.choice}
            exclusive
            checked={option.choice === chosen}
            testId={`appearance-${option.choice}`}
            onSelect={() => {
              preferences.setState({ appearance: option.choice })
              close()
            }}
          >
            <Icon name={option.icon} />
            {text(option.text)}
          </MenuItem>
        ))
      }
    </Popover>
  )
}
