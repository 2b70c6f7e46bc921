/** The key under which secrets in the database are sealed: from the environment, or made once beside the data. */
import { randomBytes } from 'node:crypto'
import { existsSync } from 'node:fs'
import { readFile, writeFile } from 'node:fs/promises'
import { createSecretBox, type SecretBox } from '@bourse/identity'

const VARIABLE = 'BOURSE_SECRET_KEY'
/** Earlier keys, separated by commas: what was sealed under them still opens. */
const EARLIER_VARIABLE = 'BOURSE_SECRET_KEY_EARLIER'
const BYTES = 32

/**
 * Opens the box for secrets.
 *
 * A project that create-exchange wrote has its key in `.env`. Without one a key is made at the first start and
 * kept in `file`, readable by its owner only: enough against a copied database, not against a copied data folder.
 *
 * @throws Error when a key is not 32 bytes in base64.
 */
export async function openSecretBox(file: string, environment: Readonly<Record<string, string | undefined>> = process.env): Promise<SecretBox> {
  const given = environment[VARIABLE] ?? ''
  const masterKey = given === '' ? await keyOfFile(file) : readKey(given, VARIABLE)
  const earlierKeys = (environment[EARLIER_VARIABLE] ?? '').split(',').filter((text) => text.trim() !== '').map((text) => readKey(text, EARLIER_VARIABLE))
  return createSecretBox({ masterKey, earlierKeys, randomBytes })
}

/** Where the key comes from. */
export function masterKeyFrom(environment: Readonly<Record<string, string | undefined>> = process.env): 'environment' | 'file' {
  return (environment[VARIABLE] ?? '') === '' ? 'file' : 'environment'
}

async function keyOfFile(file: string): Promise<Buffer> {
  if (!existsSync(file)) await writeFile(file, `${randomBytes(BYTES).toString('base64')}\n`, { mode: 0o600, flag: 'wx' })
  return readKey(await readFile(file, 'utf8'), file)
}

function readKey(text: string, where: string): Buffer {
  const key = Buffer.from(text.trim(), 'base64')
  if (key.length !== BYTES) throw new Error(`${where} is not a key: it must be ${BYTES} bytes in base64. Make one with "openssl rand -base64 ${BYTES}".`)
  return key
}
