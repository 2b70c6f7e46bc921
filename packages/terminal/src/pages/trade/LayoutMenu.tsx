/** Opens and closes widgets, and puts the desk back in order. */
import { useText } from '../../i18n/texts.js'
import { Icon } from '../../interface/icons.js'
import { IconButton } from '../../interface/Button.js'
import { MenuItem, Popover } from '../../interface/Popover.js'
import { useSelect } from '../../shell/terminal-context.js'
import { deskControl } from './desk-control.js'
import { arrangeByDefault, openWidget, WIDGETS, widgetTitle } from './desk-layout.js'

export function LayoutMenu() {
  const text = useText()
  const { api, open } = useSelect(deskControl, (state) => state)
  return (
    <Popover align="end" label={text('layout.title')} trigger={(properties) => <IconButton {...properties} icon="layout" label={text('layout.title')} testId="layout-menu" />}>
      {(close) => (
        <>
          {WIDGETS.map((widget) => {
            const shown = open.includes(widget)
            return (
              <MenuItem key={widget} checked={shown} onSelect={() => (shown ? api?.getPanel(widget)?.api.close() : api && openWidget(api, widget))}>
                {text(widgetTitle(widget))}
              </MenuItem>
            )
          })}
          <div className="menu-line" />
          <MenuItem
            testId="layout-reset"
            onSelect={() => {
              if (api) arrangeByDefault(api)
              close()
            }}
          >
            <Icon name="layout" />
            {text('layout.reset')}
          </MenuItem>
        </>
      )}
    </Popover>
  )
}
