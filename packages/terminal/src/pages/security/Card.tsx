/** One means of protection: what it is, how it stands, and what can be done about it. */
import type { ReactNode } from 'react'
import { classes } from '../../interface/classes.js'
import { Icon, type IconName } from '../../interface/icons.js'

export interface CardProps {
  icon: IconName
  title: string
  about: string
  /** How it stands, in a word or two. */
  status?: { label: string; good: boolean }
  children: ReactNode
  testId?: string
}

export function Card({ icon, title, about, status, children, testId }: CardProps) {
  return (
    <section className="security-card" aria-label={title} data-testid={testId}>
      <span className="security-card__icon"><Icon name={icon} size={20} /></span>
      <div className="security-card__head">
        <h2>{title}</h2>
        {status !== undefined && <span className={classes('security-card__status', status.good && 'security-card__status--good')}>{status.label}</span>}
        <p className="muted">{about}</p>
      </div>
      <div className="security-card__body">{children}</div>
    </section>
  )
}
