/** How many recovery codes are left, and new ones, shown once. */
import { useState } from 'react'
import type { SecurityView } from '@bourse/client'
import { useText } from '../../i18n/texts.js'
import { Button } from '../../interface/Button.js'
import { CopyButton } from '../../interface/CopyButton.js'
import { Dialog } from '../../interface/Dialog.js'
import { useTerminal } from '../../shell/terminal-context.js'
import { Card } from './Card.js'
import { useChange } from './use-change.js'

export function RecoveryCodesCard({ view, onChanged }: { view: SecurityView; onChanged(): void }) {
  const text = useText()
  const { client } = useTerminal()
  const change = useChange()
  const [codes, setCodes] = useState<readonly string[]>()
  const make = (): Promise<void> =>
    change.run(async () => {
      setCodes((await client.security.makeRecoveryCodes()).codes)
      onChanged()
    })
  return (
    <Card icon="list" title={text('recovery.title')} about={text('recovery.about')} status={{ label: text('recovery.left', { count: view.recoveryCodesLeft }), good: view.recoveryCodesLeft > 2 }} testId="card-recovery">
      <Button busy={change.busy} testId="recovery-make" onClick={() => void make()}>{text('recovery.make')}</Button>
      {change.problem !== undefined && <p className="ticket__problem" role="alert">{change.problem}</p>}
      {codes !== undefined && <RecoveryCodesDialog codes={codes} onClose={() => setCodes(undefined)} />}
    </Card>
  )
}

export function RecoveryCodesDialog({ codes, onClose }: { codes: readonly string[]; onClose(): void }) {
  const text = useText()
  return (
    <Dialog title={text('recovery.title')} onClose={onClose} testId="recovery-dialog">
      <p>{text('recovery.keep')}</p>
      <ol className="recovery-codes" data-testid="recovery-codes">
        {codes.map((code) => <li key={code}><code>{code}</code></li>)}
      </ol>
      <div className="security-row">
        <span className="muted">{text('recovery.copy')}</span>
        <CopyButton value={codes.join('\n')} label={text('recovery.copy')} />
      </div>
      <Button look="primary" size="large" testId="recovery-done" onClick={onClose}>{text('recovery.done')}</Button>
    </Dialog>
  )
}
