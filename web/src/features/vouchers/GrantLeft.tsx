import { deadline, money } from '@/lib/format'
import { useTexts } from '@/lib/texts'
import { MoneyLeft } from '@/ui/MoneyBar'
import type { Grant } from './calls'
import { walletTexts } from './texts'

/** What is left of an award, until when, and what orders hold of it. */
export function GrantLeft({ grant }: { grant: Grant }) {
  const t = useTexts(walletTexts)
  return (
    <MoneyLeft left={grant.spendable_minor} of={grant.total_minor} held={grant.held_minor} ofWord={t.ofWord}>
      {t.until(deadline(grant.valid_until))}
      {grant.held_minor > 0 && <> · {t.held(money(grant.held_minor))}</>}
    </MoneyLeft>
  )
}
