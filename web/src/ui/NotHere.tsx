import { useLocation } from 'wouter'
import type { Problem } from '@/lib/api/problem'
import { useTexts } from '@/lib/texts'
import { LinkButton } from './Button'
import { Page } from './Page'
import { uiTexts } from './texts'

/** The screen of something that is not there, or not for this person: what the API says, and back to where such things are listed. */
export default function NotHere({ problem }: { problem: Problem }) {
  const t = useTexts(uiTexts)
  const list = `/${useLocation()[0].split('/')[1] ?? ''}`
  return (
    <Page heading={t.notHere} lead={problem.message}>
      <div className="buttons"><LinkButton look="primary" href={list}>{t.back}</LinkButton></div>
    </Page>
  )
}
