import { useTexts } from '@/lib/texts'
import { Page } from '@/ui/Page'
import { SignInSection } from './Account'
import { accountTexts } from './account.texts'

/** The sign-in of those who work in the administration. */
export default function StaffAccount() {
  const t = useTexts(accountTexts)
  return <Page heading={t.heading}><div className="sections"><SignInSection /></div></Page>
}
