/** Opens the list of markets: below its button, or over the whole screen of a phone. */
import { useState } from 'react'
import { useText } from '../../i18n/texts.js'
import { Dialog } from '../../interface/Dialog.js'
import { Icon } from '../../interface/icons.js'
import { Popover } from '../../interface/Popover.js'
import { usePhone } from '../../interface/use-size.js'
import { useMarket, useTerminal } from '../../shell/terminal-context.js'
import { MarketList } from './MarketList.js'

export function MarketSelector() {
  const text = useText()
  const phone = usePhone()
  const { exchange } = useTerminal()
  const { market } = useMarket()
  const [open, setOpen] = useState(false)
  const name = exchange.assets.find((asset) => asset.code === market.base)?.name
  const face = (
    <>
      <span>
        {market.base}/{market.quote}
        {name !== undefined && name !== market.base && <small>{name}</small>}
      </span>
      <Icon name="chevronDown" />
    </>
  )
  if (phone) {
    return (
      <>
        <button type="button" className="market-selector" aria-haspopup="dialog" aria-expanded={open} data-testid="market-selector" onClick={() => setOpen(true)}>{face}</button>
        {open && <Dialog tall title={text('market.choose')} onClose={() => setOpen(false)}><MarketList onChoose={() => setOpen(false)} /></Dialog>}
      </>
    )
  }
  return (
    <Popover kind="dialog" label={text('market.choose')} className="market-list-panel" trigger={(properties) => <button {...properties} type="button" className="market-selector" data-testid="market-selector">{face}</button>}>
      {(close) => <MarketList onChoose={close} />}
    </Popover>
  )
}
