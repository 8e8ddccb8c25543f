import type { ReactNode } from 'react'
import { Link } from 'wouter'
import { deadline, money } from '@/lib/format'
import { localised, useLanguage, useTexts } from '@/lib/texts'
import type { Programme } from './calls'
import { homeTexts } from './texts'

/** A programme in two lines and its terms; the name leads to it. */
export function ProgrammeCard({ programme, level = 3, children }: { programme: Programme; level?: 2 | 3; children?: ReactNode }) {
  const Heading = `h${level}` as 'h2' | 'h3'
  const t = useTexts(homeTexts).programme
  const code = useLanguage()
  const { name, purpose, applications_to: until } = programme.rules
  const shown = { name: localised(name, code), purpose: localised(purpose, code) }
  return (
    <li className="card programme-card">
      <Heading lang={shown.name.lang} className="card-title"><Link href={`/programy/${programme.id}`}>{shown.name.text}</Link></Heading>
      <p className="soft" lang={shown.purpose.lang}>{shown.purpose.text}</p>
      {children}
      <p className="small">
        <span className="strong nowrap">{t.upTo(money(programme.amount_minor))}</span>
        <span className="soft"> · {t.until(deadline(until))} · {t.free(money(programme.free_minor))}</span>
      </p>
    </li>
  )
}
