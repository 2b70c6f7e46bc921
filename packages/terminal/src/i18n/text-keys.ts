/** The names of all texts: what a translation must be complete in. */
import type { en } from './en.js'

export type TextKey = keyof typeof en
export type Texts = Readonly<Record<TextKey, string>>
export type TextValues = Readonly<Record<string, string | number>>
