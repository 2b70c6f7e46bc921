/** How figures are shown: a line of JSON for machines, a line of a table for people. */
import type { Figures } from './stage.js'

const NAME_WIDTH = 18
const VALUE_WIDTH = 12

export function jsonLine(name: string, { details, ...figures }: Figures): string {
  return JSON.stringify({ name, ...figures, ...details })
}

/** The figures of a line that {@link jsonLine} made. */
export function parseLine(line: string): { name: string; figures: Figures } {
  const { name, unit, median, min, max, runs, peer, peerMedian, ratio, ...details } = JSON.parse(line) as Figures & { name: string }
  return { name, figures: { unit, median, min, max, runs, ...(peer !== undefined && { peer }), ...(peerMedian !== undefined && { peerMedian }), ...(ratio !== undefined && { ratio }), details: details as Record<string, number> } }
}

export function tableHead(): string {
  return `${'stage'.padEnd(NAME_WIDTH)} ${['median', 'min', 'max'].map((title) => title.padStart(VALUE_WIDTH)).join(' ')}`
}

/** One stage: its figures, then what it was compared with and what else was measured. */
export function tableRow(name: string, { unit, median, min, max, runs, peer, peerMedian, ratio, details = {} }: Figures): string {
  const row = `${name.padEnd(NAME_WIDTH)} ${[median, min, max].map((value) => readable(value).padStart(VALUE_WIDTH)).join(' ')}  ${unit}, ${runs} runs`
  const compared = ratio === undefined || peer === undefined ? [] : [`${ratio.toFixed(2)} x ${peer}${peerMedian === undefined ? '' : ` (${readable(peerMedian)})`}`]
  const more = Object.entries(details).map(([what, value]) => `${what} ${readable(value)}`)
  return [row, ...[...compared, ...more].map((line) => `${''.padEnd(NAME_WIDTH)} ${line}`)].join('\n')
}

/** Thousands apart, or three digits that matter. */
function readable(value: number): string {
  if (Math.abs(value) < 1000) return String(Number(value.toPrecision(3)))
  return String(Math.round(value)).replace(/\B(?=(\d{3})+$)/g, ',')
}
