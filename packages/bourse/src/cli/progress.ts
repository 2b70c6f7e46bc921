/** Tells a person at the terminal how long work is going on: one line per stage, rewritten in place where the output is a terminal. */

const BAR_WIDTH = 28

export interface Stage {
  /** Part done, 0 to 1, and what to say beside the bar. */
  update(done: number, detail?: string): void
  /** Ends the stage with its time. */
  done(detail?: string): void
}

/** Begins a stage on the given stream, stderr by default, so that results can be piped. */
export function startStage(label: string, stream: NodeJS.WriteStream = process.stderr): Stage {
  const startedMs = Date.now()
  const live = stream.isTTY === true
  let shown = -1
  const seconds = (): string => `${((Date.now() - startedMs) / 1000).toFixed(1)} s`
  if (live) stream.write(`  ${label} ...`)
  else stream.write(`  ${label}\n`)
  return {
    update(done, detail = '') {
      const percent = Math.floor(Math.min(1, Math.max(0, done)) * 100)
      if (!live ? percent < shown + 20 : percent === shown && detail === '') return
      shown = percent
      const filled = Math.round((percent / 100) * BAR_WIDTH)
      const bar = `${'#'.repeat(filled)}${'-'.repeat(BAR_WIDTH - filled)}`
      stream.write(live ? `\r\u001b[2K  ${label} [${bar}] ${percent} %  ${detail}` : `  ${label} ${percent} %  ${detail}\n`)
    },
    done(detail = '') {
      const text = `  ${label}: done in ${seconds()}${detail === '' ? '' : `, ${detail}`}\n`
      stream.write(live ? `\r\u001b[2K${text}` : text)
    },
  }
}
