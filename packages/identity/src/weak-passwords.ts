/** Which passwords are refused when they are chosen: the ones that are tried first. */

export const MIN_PASSWORD_LENGTH = 8
export const MAX_PASSWORD_LENGTH = 200
const MIN_DISTINCT_CHARACTERS = 4

/** The heads of the published lists of leaked passwords, of eight characters or more. */
const COMMON = new Set(
  `password password1 password12 password123 password1234 passw0rd p@ssw0rd p@ssword pa55word 12345678 123456789 1234567890 12345678910
  87654321 987654321 0987654321 11223344 1122334455 qwertyui qwertyuiop qwerty12 qwerty123 qwerty1234 1q2w3e4r 1q2w3e4r5t 1qaz2wsx zaq12wsx
  qazwsxedc asdfghjk asdfghjkl zxcvbnm1 q1w2e3r4 q1w2e3r4t5 abcd1234 abc12345 abcdefgh a1b2c3d4 iloveyou iloveyou1 sunshine princess football
  baseball basketball superman trustno1 starwars whatever computer internet michelle jennifer jordan23 welcome1 welcome123 letmein1 letmein123
  admin123 admin1234 administrator changeme changeme1 secret123 test1234 testtest master123 dragon123 monkey123 samsung1 google123 charlie1
  bitcoin1 bitcoin123 ethereum ethereum1 exchange exchange1 tradingview blockchain satoshi1 hodlhodl moonmoon`.split(/\s+/),
)

export type WeakPasswordReason = 'too_short' | 'too_long' | 'common' | 'few_characters' | 'contains_email'

/** Why a password is refused, or undefined when it may be used. */
export function weakPassword(password: string, email: string): WeakPasswordReason | undefined {
  const length = [...password].length
  if (length < MIN_PASSWORD_LENGTH) return 'too_short'
  if (length > MAX_PASSWORD_LENGTH) return 'too_long'
  const plain = password.toLowerCase()
  if (COMMON.has(plain)) return 'common'
  if (new Set(plain).size < MIN_DISTINCT_CHARACTERS) return 'few_characters'
  const name = email.slice(0, email.indexOf('@'))
  if (plain === email || plain === name) return 'contains_email'
  return undefined
}

const ADVICE: Record<WeakPasswordReason, string> = {
  too_short: `The password is shorter than ${MIN_PASSWORD_LENGTH} characters. Choose a longer one.`,
  too_long: `The password is longer than ${MAX_PASSWORD_LENGTH} characters. Choose a shorter one.`,
  common: 'This password is on every list of leaked passwords. Choose one that nobody else uses.',
  few_characters: `The password repeats the same few characters. Use at least ${MIN_DISTINCT_CHARACTERS} different ones.`,
  contains_email: 'The password is the same as the e-mail address. Choose another.',
}

/** What to tell the person. */
export function weakPasswordAdvice(reason: WeakPasswordReason): string {
  return ADVICE[reason]
}
