/** Opens the terminal in the system's Chromium and collects whatever a page complains about. */
import { existsSync } from 'node:fs'
import type { Context } from 'mocha'
import { chromium, type Browser, type BrowserContextOptions, type Page } from 'playwright-core'

const CANDIDATES = [process.env['CHROMIUM_PATH'], '/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome', '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome']
const ARGUMENTS = ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync']
/** A busy machine is no fault of the terminal. */
export const PATIENCE_MS = 15_000

export const DESK = { viewport: { width: 1440, height: 900 } } satisfies BrowserContextOptions
export const PHONE = { viewport: { width: 390, height: 844 }, isMobile: true, hasTouch: true } satisfies BrowserContextOptions
export const SMALL_PHONE = { ...PHONE, viewport: { width: 360, height: 740 } } satisfies BrowserContextOptions

declare global {
  interface Window {
    /** What `openPage` puts into every page. */
    reportPolicyViolation(fault: string): void
  }
}

export function findChromium(): string | undefined {
  return CANDIDATES.find((candidate) => candidate !== undefined && existsSync(candidate))
}

/** In a `before` hook: skips its suite, with a word why, where there is no Chromium. */
export async function openBrowser(runner: Context): Promise<Browser> {
  const executablePath = findChromium()
  if (executablePath === undefined) {
    console.log('      no Chromium found: set CHROMIUM_PATH to run the browser tests')
    runner.skip()
  }
  return launch(executablePath!)
}

export function launch(executablePath: string, more: readonly string[] = []): Promise<Browser> {
  return chromium.launch({ executablePath, args: [...ARGUMENTS, ...more] })
}

/** A test that reads pixels is told of slow reads; a test that leaves a page while it loads aborts its requests. */
const CAUSED_BY_TESTS = /willReadFrequently|net::ERR_ABORTED/

export interface WatchedPage {
  readonly page: Page
  /** Errors of scripts and console, requests that failed, answers of 400 and above, what the content security policy stopped. */
  readonly faults: string[]
}

/** A page of a fresh browser profile. */
export async function openPage(browser: Browser, options: BrowserContextOptions = DESK): Promise<WatchedPage> {
  const context = await browser.newContext({ locale: 'en-GB', ...options })
  const page = await context.newPage()
  page.setDefaultTimeout(PATIENCE_MS)
  const faults: string[] = []
  await page.exposeFunction('reportPolicyViolation', (fault: string) => faults.push(fault))
  await page.addInitScript(() => {
    document.addEventListener('securitypolicyviolation', ({ violatedDirective, blockedURI }) => {
      window.reportPolicyViolation(`content security policy: ${violatedDirective} ${blockedURI}`)
    })
  })
  page.on('pageerror', (error) => faults.push(`script error: ${error.message}`))
  page.on('console', (message) => ['error', 'warning'].includes(message.type()) && !CAUSED_BY_TESTS.test(message.text()) && faults.push(`console: ${message.text()}`))
  page.on('requestfailed', (request) => !CAUSED_BY_TESTS.test(request.failure()?.errorText ?? '') && faults.push(`request failed: ${request.url()} ${request.failure()?.errorText ?? ''}`))
  page.on('response', (response) => response.status() >= 400 && faults.push(`answer ${response.status()}: ${response.url()}`))
  return { page, faults }
}
