/** The page: looks at the exchange once a frame, draws it, and passes the visitor's orders on. */
import { colours, drawBook, drawChart } from './draw.js'
import type { Outcome, Request, TapeTrade, View } from './messages.js'

const TAPE_ROWS = 15

const worker = new Worker(new URL('./exchange-worker.ts', import.meta.url), { type: 'module' })
const send = (request: Request): void => worker.postMessage(request)

let view: View | undefined
let answered = true
let tape: TapeTrade[] = []
let frames = 0
let framesSinceMs = performance.now()
const palette = matchMedia('(prefers-color-scheme: dark)')
let paint = colours()
palette.addEventListener('change', () => (paint = colours()))

worker.addEventListener('error', ({ message }) => say({ type: 'outcome', ok: false, text: `The exchange stopped: ${message}` }))
worker.addEventListener('message', ({ data }: MessageEvent<View | Outcome>) => {
  if (data.type === 'outcome') return say(data)
  view = data
  answered = true
  tape = [...data.tape.toReversed(), ...tape].slice(0, TAPE_ROWS)
})

requestAnimationFrame(function frame(nowMs) {
  if (view !== undefined) show(view)
  if (view !== undefined && answered) {
    answered = false
    send({ type: 'look', lastTradeId: tape[0]?.tradeId ?? 0 })
  }
  frames += 1
  if (nowMs - framesSinceMs >= 1000) {
    text('frames', Math.round((frames * 1000) / (nowMs - framesSinceMs)).toString())
    frames = 0
    framesSinceMs = nowMs
  }
  requestAnimationFrame(frame)
})

element('speed', HTMLSelectElement).addEventListener('change', ({ currentTarget }) => send({ type: 'speed', factor: Number((currentTarget as HTMLSelectElement).value) }))
element('cancel', HTMLButtonElement).addEventListener('click', () => send({ type: 'cancel-all' }))
element('order', HTMLFormElement).addEventListener('submit', (event) => {
  event.preventDefault()
  const form = new FormData(element('order', HTMLFormElement), event.submitter)
  const field = (name: string): string => {
    const value = form.get(name)
    return typeof value === 'string' ? value.trim() : ''
  }
  send({ type: 'place', side: field('side') === 'sell' ? 'sell' : 'buy', price: field('price'), quantity: field('quantity') })
})

function show(seen: View): void {
  drawChart(element('chart', HTMLCanvasElement), seen.bars, paint)
  drawBook(element('book', HTMLCanvasElement), seen, paint)
  text('last', tape[0]?.price ?? '–')
  text('commands', seen.commands.toLocaleString('en'))
  text('trades', seen.trades.toLocaleString('en'))
  text('open', String(seen.openOrders))
  rows('tape', tape.map(({ price, quantity, takerSide, timeMs }) => row('li', [new Date(timeMs).toLocaleTimeString('en-GB'), price, quantity], 'span', takerSide)))
  rows('balances', seen.balances.map(({ asset, available, held }) => row('tr', [asset, available, held], 'td')))
}

function say({ ok, text: words }: Outcome): void {
  const outcome = element('outcome', HTMLElement)
  outcome.textContent = words
  outcome.className = ok ? '' : 'refused'
}

function row(tag: string, cells: readonly string[], cellTag: string, className = ''): HTMLElement {
  const line = document.createElement(tag)
  line.className = className
  for (const cell of cells) line.append(Object.assign(document.createElement(cellTag), { textContent: cell }))
  return line
}

/** Replaces the rows of a list only where they changed: an idle list costs nothing. */
function rows(id: string, lines: readonly HTMLElement[]): void {
  const list = element(id, HTMLElement)
  const key = lines.map((line) => line.textContent).join('\n')
  if (list.dataset['key'] === key) return
  list.dataset['key'] = key
  list.replaceChildren(...lines)
}

function text(id: string, words: string): void {
  const target = element(id, HTMLElement)
  if (target.textContent !== words) target.textContent = words
}

function element<Kind extends HTMLElement>(id: string, kind: new () => Kind): Kind {
  const found = document.getElementById(id)
  if (!(found instanceof kind)) throw new Error(`The page has no ${kind.name} "${id}".`)
  return found
}
