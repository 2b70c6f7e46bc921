/** A change that the exchange is asked for: busy meanwhile, a problem when it is refused, a proof when one is needed. */
import { useState } from 'react'
import { ApiRequestError } from '@bourse/client'
import { useText } from '../../i18n/texts.js'
import { errorText } from '../../interface/error-text.js'
import { isPasskeyCancelled } from '../../interface/passkeys.js'
import { useTerminal } from '../../shell/terminal-context.js'
import { ProofCancelled } from '../../stores/proof.js'

export interface Change {
  readonly busy: boolean
  readonly problem: string | undefined
  say(problem: string | undefined): void
  /** Does it; what comes after success belongs into the action. */
  run(action: () => Promise<void>): Promise<void>
}

export function useChange(): Change {
  const text = useText()
  const { proof } = useTerminal()
  const [busy, setBusy] = useState(false)
  const [problem, say] = useState<string>()
  return {
    busy,
    problem,
    say,
    async run(action) {
      setBusy(true)
      say(undefined)
      try {
        await proof.withProof(action)
      } catch (error) {
        const silent = error instanceof ProofCancelled || isPasskeyCancelled(error)
        if (!silent) say(error instanceof ApiRequestError ? errorText(error) : text('error.internal'))
      } finally {
        setBusy(false)
      }
    },
  }
}
