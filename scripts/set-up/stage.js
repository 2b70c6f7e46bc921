/** Shows one stage of the set-up: a line with the seconds that pass, and everything it printed when it fails. */
import { runCommand } from './run-command.js'

const FRAMES = ['⠋', '⠙', '⠹', '⠸', '⠼', '⠴', '⠦', '⠧', '⠇', '⠏']
const FRAME_MS = 120
/** Where no line can be redrawn (a log file), a sign of life from time to time. */
const REMINDER_MS = 15_000

/** A stage that did not succeed; its output has been shown. */
export class StageFailed extends Error {}

/**
 * Runs a command as a stage.
 *
 * @param {{ title: string, hint?: string } & Omit<import('./run-command.js').CommandOptions, 'onOutput'>} stage
 *   `hint` says beforehand what may take long
 * @throws StageFailed
 */
export async function runStage({ title, hint, ...command }) {
  /** @type {Buffer[]} */
  const output = []
  const line = showLine(hint === undefined ? title : `${title} (${hint})`)
  const code = await runCommand({ ...command, onOutput: (chunk) => output.push(chunk) })
  line.end(code === 0 ? '✔' : '✖', title)
  if (code === 0) return
  process.stdout.write(Buffer.concat(output))
  throw new StageFailed(`${title}: "${[command.command, ...command.args].join(' ')}" in ${command.cwd} ended with code ${code}. Its output is above.`)
}

/** @param {string} text */
function showLine(text) {
  const startedMs = Date.now()
  const seconds = () => ((Date.now() - startedMs) / 1000).toFixed(1)
  const live = process.stdout.isTTY === true && process.env['CI'] === undefined
  let frame = 0
  const redraw = () => process.stdout.write(`\r\x1b[2K${FRAMES[frame++ % FRAMES.length]} ${text} ${Math.floor((Date.now() - startedMs) / 1000)} s`)
  const remind = () => process.stdout.write(`  ${text}: ${seconds()} s so far\n`)
  if (!live) process.stdout.write(`${text} ...\n`)
  const timer = setInterval(live ? redraw : remind, live ? FRAME_MS : REMINDER_MS)
  return {
    /** @param {string} mark @param {string} title */
    end(mark, title) {
      clearInterval(timer)
      process.stdout.write(`${live ? '\r\x1b[2K' : ''}${mark} ${title}, ${seconds()} s\n`)
    },
  }
}
