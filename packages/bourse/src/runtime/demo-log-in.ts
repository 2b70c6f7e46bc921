/** The log-in that a demonstration begins with: made once, kept for its owner to read again. */
import { randomInt } from 'node:crypto'
import { existsSync } from 'node:fs'
import { readFile, writeFile } from 'node:fs/promises'
import { z } from 'zod'

const LETTERS = 'abcdefghijkmnpqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ23456789'
const PASSWORD_LENGTH = 16

const DemoLogInFile = z.strictObject({ email: z.string(), password: z.string() })
export type DemoLogIn = z.infer<typeof DemoLogInFile>

/** The kept log-in, or undefined where the exchange has none. */
export async function readDemoLogIn(file: string): Promise<DemoLogIn | undefined> {
  return existsSync(file) ? DemoLogInFile.parse(JSON.parse(await readFile(file, 'utf8'))) : undefined
}

/** Makes a log-in with a random password and keeps it in a file that only its owner may read. */
export async function createDemoLogIn(file: string): Promise<DemoLogIn> {
  const password = Array.from({ length: PASSWORD_LENGTH }, () => LETTERS[randomInt(LETTERS.length)]).join('')
  const logIn = { email: 'demo@example.com', password }
  await writeFile(file, `${JSON.stringify(logIn)}\n`, { mode: 0o600 })
  return logIn
}
