/** What the `exchange` command may ask of a running exchange over its local socket, and how an answer looks. */
import { z } from 'zod'
import { OperatorTask } from './operator-tasks.js'

export const ReplayRequest = z.strictObject({
  files: z.array(z.string()).min(1),
  market: z.string(),
  /** Times the recorded speed. */
  speed: z.union([z.number().positive(), z.literal('max')]),
})
export type ReplayRequest = z.infer<typeof ReplayRequest>

export const ControlRequest = z.discriminatedUnion('command', [
  z.strictObject({ command: z.literal('status') }),
  z.strictObject({ command: z.literal('simulator'), enabled: z.boolean() }),
  z.strictObject({ command: z.literal('replay'), ...ReplayRequest.shape }),
  z.strictObject({ command: z.literal('task'), task: OperatorTask }),
  /** Copies the journal below an absolute path, for a backup. */
  z.strictObject({ command: z.literal('copy-journal'), to: z.string() }),
])
export type ControlRequest = z.infer<typeof ControlRequest>

/** An answer is lines of JSON: any number of progress lines, then one result or one error. */
export type ControlLine =
  | { readonly progress: unknown }
  | { readonly result: unknown }
  | { readonly error: string }
