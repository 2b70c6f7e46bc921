/** A slider from 0 to 100 % with marks to jump to. */
import { classes } from './classes.js'
import './percent-slider.css'

const MARKS = [0, 25, 50, 75, 100]

export function PercentSlider({ label, percent, disabled = false, onChange, testId }: { label: string; percent: number; disabled?: boolean; onChange(percent: number): void; testId?: string }) {
  return (
    <div className={classes('percent-slider', disabled && 'percent-slider--disabled')}>
      <input type="range" min={0} max={100} step={1} aria-label={label} aria-valuetext={`${percent} %`} data-testid={testId} value={percent} disabled={disabled} onChange={(event) => onChange(Number(event.target.value))} style={{ '--share': `${percent}%` } as Record<string, string>} />
      <div className="percent-slider__marks">
        {MARKS.map((mark) => <button key={mark} type="button" tabIndex={-1} disabled={disabled} className={percent >= mark && percent > 0 ? 'percent-slider__mark--reached' : ''} onClick={() => onChange(mark)}>{mark}%</button>)}
      </div>
    </div>
  )
}
