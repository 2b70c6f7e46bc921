/** What a file of browser tests plays on: one exchange process of its own and one browser. */
import type { Context } from 'mocha'
import type { Browser } from 'playwright-core'
import { startExchange, temporaryProject, type RunningProcess } from '../e2e/running-exchange.js'
import { openBrowser } from './browser.js'

export interface Stage {
  readonly browser: Browser
  readonly project: Awaited<ReturnType<typeof temporaryProject>>
  readonly exchange: RunningProcess
  readonly url: string
  end(): Promise<void>
}

/** The demo exchange with its living market, without past days, and with a market in which nobody trades: SOL-BTC. */
export const YOUNG = (config: string): string =>
  config.replace('historyDays: 3', 'historyDays: 0').replace(/(?=\n {2}\],\n {2}fees)/, "\n    { base: 'SOL', quote: 'BTC', tickSize: '0.000001', lotSize: '0.01', minNotional: '0.0001' },")

/** In a `before` hook; skips the suite where there is no Chromium. `furnish` may write files into the project before its exchange starts. */
export async function setStage(test: Context, change: (config: string) => string = YOUNG, furnish: (projectDir: string) => Promise<void> = async () => {}): Promise<Stage> {
  const browser = await openBrowser(test)
  const project = await temporaryProject(change)
  await furnish(project.dir)
  const exchange = await startExchange({ project: project.dir, data: project.data }).catch(async (error: unknown) => {
    await Promise.all([browser.close(), project.remove()])
    throw error
  })
  return {
    browser,
    project,
    exchange,
    url: exchange.url,
    end: async () => {
      await browser.close()
      await exchange.stop()
      await project.remove()
    },
  }
}
