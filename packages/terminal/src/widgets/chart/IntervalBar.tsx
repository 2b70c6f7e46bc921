/** Chooses the time that one candle stands for: the usual ones at hand, all of them in a menu. */
import { CANDLE_INTERVALS, type CandleInterval } from '@bourse/client'
import { useText } from '../../i18n/texts.js'
import { Icon } from '../../interface/icons.js'
import { MenuItem, Popover } from '../../interface/Popover.js'
import { usePhone } from '../../interface/use-size.js'

const AT_HAND: readonly CandleInterval[] = ['1s', '1m', '5m', '15m', '1h', '4h', '1d', '1w']
const AT_HAND_ON_PHONES: readonly CandleInterval[] = ['1m', '15m', '1h', '1d']

export function IntervalBar({ interval, onChoose }: { interval: CandleInterval; onChoose(interval: CandleInterval): void }) {
  const text = useText()
  const atHand = usePhone() ? AT_HAND_ON_PHONES : AT_HAND
  const elsewhere = !atHand.includes(interval)
  return (
    <div className="intervals" role="group" aria-label={text('chart.interval')}>
      {atHand.map((option) => (
        <button key={option} type="button" aria-pressed={option === interval} data-testid={`interval-${option}`} onClick={() => onChoose(option)}>{option}</button>
      ))}
      <Popover
        label={text('chart.interval')}
        className="intervals__all"
        trigger={(properties) => (
          <button {...properties} type="button" aria-pressed={elsewhere} aria-label={text('chart.moreIntervals')} title={text('chart.moreIntervals')} data-testid="interval-more">
            {elsewhere && interval}
            <Icon name="chevronDown" size={12} />
          </button>
        )}
      >
        {(close) =>
          CANDLE_INTERVALS.map((option) => (
            <MenuItem
              key={option}
              exclusive
              checked={option === interval}
              onSelect={() => {
                onChoose(option)
                close()
              }}
            >
              {option}
            </MenuItem>
          ))
        }
      </Popover>
    </div>
  )
}
