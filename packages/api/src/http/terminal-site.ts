/** Serves the terminal: hashed assets for ever, the page itself with the brand's name, language and colour in it. */
import { readFileSync } from 'node:fs'
import path from 'node:path'
import type { Brand } from '@bourse/client'
import express, { type Request, type Response, type Router } from 'express'
import { escapeHtml } from '../documents/html.js'
import { notFound } from './failures.js'

const ASSET_MAX_AGE_MS = 365 * 24 * 3_600_000
/** Of the browser's own frame around the page, where the brand says nothing. */
const DEFAULT_COLOR = { light: '#ffffff', dark: '#0b0e14' } as const

export interface TerminalSiteOptions {
  /** The folder that the terminal's build wrote. */
  readonly dir: string
  brand(): Brand
}

/** @throws Error when the folder holds no built terminal. */
export function createTerminalSite({ dir, brand }: TerminalSiteOptions): Router {
  const page = readPage(dir)
  const sendPage = (_request: Request, response: Response): void => {
    response.set('Cache-Control', 'no-cache').type('html').send(brandedPage(page, brand()))
  }
  const router = express.Router()
  router.get('/index.html', sendPage)
  router.use('/assets', express.static(path.join(dir, 'assets'), { index: false, immutable: true, maxAge: ASSET_MAX_AGE_MS, fallthrough: true }))
  router.use('/assets', () => {
    throw notFound('There is no such file.')
  })
  router.use(express.static(dir, { index: false, maxAge: 0, extensions: false, dotfiles: 'ignore', setHeaders: (response) => response.set('Cache-Control', 'no-cache') }))
  // Every other address that does not name a file is a place inside the terminal.
  router.get('/{*place}', (request, response, next) => {
    if (path.posix.basename(request.path).includes('.')) next()
    else sendPage(request, response)
  })
  return router
}

function readPage(dir: string): string {
  const file = path.join(dir, 'index.html')
  try {
    return readFileSync(file, 'utf8')
  } catch (cause) {
    throw new Error(`The terminal is not built: ${file} cannot be read. Run "npm run build".`, { cause })
  }
}

/** Puts the brand into the places that the page marks for it. */
export function brandedPage(page: string, brand: Brand): string {
  const appearance = brand.defaultAppearance === 'light' ? 'light' : 'dark'
  const values: Record<string, string> = {
    BRAND_NAME: brand.name,
    BRAND_LANG: brand.defaultLanguage,
    BRAND_COLOR: brand.theme[appearance]['--color-surface'] ?? DEFAULT_COLOR[appearance],
    BRAND_LOGO: brand.logoUrl,
    BRAND_TAGLINE: brand.tagline,
  }
  return page.replace(/%(BRAND_[A-Z]+)%/g, (mark, name: string) => (Object.hasOwn(values, name) ? escapeHtml(values[name]!) : mark))
}
