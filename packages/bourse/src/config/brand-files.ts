/** Reads the brand of a project: logo, theme tokens and texts. */
import { readFile } from 'node:fs/promises'
import path from 'node:path'
import { z } from 'zod'
import { Theme, type Brand } from '@bourse/client'
import { ConfigError } from './config-error.js'
import type { ExchangeConfig } from './schema.js'

const LOGO_TYPES: Record<string, string> = { '.svg': 'image/svg+xml', '.png': 'image/png', '.webp': 'image/webp', '.jpg': 'image/jpeg', '.jpeg': 'image/jpeg' }
const MAX_LOGO_BYTES = 1_000_000

const ThemeFile = z.strictObject({ light: Theme.shape.light.default({}), dark: Theme.shape.dark.default({}) })
const TextsFile = z.record(z.string().regex(/^[a-z]{2}$/, 'languages are two letters'), z.record(z.string(), z.string()))
const COLOUR_TOKEN = /^--[a-z0-9-]{1,60}$/
/** Colours, lengths and font names; nothing that could end the declaration or load something. */
const COLOUR_VALUE = /^[#a-zA-Z0-9(),.%\s/"'-]{1,120}$/

export interface BrandFiles {
  readonly logo: { readonly contentType: string; readonly bytes: Buffer }
  readonly presentation: Brand
}

export async function loadBrand(dir: string, configFile: string, brand: ExchangeConfig['brand']): Promise<BrandFiles> {
  const logoFile = path.resolve(dir, brand.logo)
  const contentType = LOGO_TYPES[path.extname(logoFile).toLowerCase()]
  if (contentType === undefined) throw new ConfigError(configFile, [`brand.logo: ${brand.logo} must be an .svg, .png, .webp or .jpg file.`])
  const bytes = await readBrandFile(configFile, 'brand.logo', logoFile)
  if (bytes.length > MAX_LOGO_BYTES) throw new ConfigError(configFile, [`brand.logo: ${brand.logo} has ${bytes.length} bytes; at most ${MAX_LOGO_BYTES} are served.`])
  const theme = await readJson(configFile, 'brand.theme', path.resolve(dir, brand.theme), ThemeFile)
  checkTokens(path.resolve(dir, brand.theme), theme)
  const texts = await readJson(configFile, 'brand.texts', path.resolve(dir, brand.texts), TextsFile)
  return {
    logo: { contentType, bytes },
    presentation: {
      name: brand.name,
      tagline: brand.tagline,
      logoUrl: `/brand/logo${path.extname(logoFile).toLowerCase()}`,
      theme,
      defaultAppearance: brand.defaultAppearance,
      defaultLanguage: brand.defaultLanguage,
      texts,
    },
  }
}

async function readBrandFile(configFile: string, key: string, file: string): Promise<Buffer> {
  try {
    return await readFile(file)
  } catch {
    throw new ConfigError(configFile, [`${key}: ${file} cannot be read. Create the file or name another one.`])
  }
}

async function readJson<T extends z.ZodType>(configFile: string, key: string, file: string, schema: T): Promise<z.output<T>> {
  const text = (await readBrandFile(configFile, key, file)).toString('utf8')
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch (error) {
    throw new ConfigError(file, [`it is not valid JSON: ${error instanceof Error ? error.message : String(error)}`])
  }
  const parsed = schema.safeParse(value)
  if (!parsed.success) throw new ConfigError(file, parsed.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`))
  return parsed.data
}

function checkTokens(file: string, theme: Brand['theme']): void {
  const problems: string[] = []
  for (const appearance of ['light', 'dark'] as const) {
    for (const [token, value] of Object.entries(theme[appearance])) {
      if (!COLOUR_TOKEN.test(token)) problems.push(`${appearance}: "${token}" is not a token; tokens look like --color-accent.`)
      else if (!COLOUR_VALUE.test(value) || /url\s*\(/i.test(value)) problems.push(`${appearance}.${token}: "${value}" is not a CSS colour or size.`)
    }
  }
  if (problems.length > 0) throw new ConfigError(file, problems)
}
