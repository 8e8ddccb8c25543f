import { useCity } from '@/lib/city'
import { sentencesOf, type Verification } from '@/lib/person'
import { useLanguage } from '@/lib/texts'

/** What is known and what follows from it, in words. */
export function StateSentence({ one }: { one: Verification }) {
  useLanguage()
  const city = useCity()
  return <>{sentencesOf(one, city.name).map(line => <p key={line}>{line}</p>)}</>
}
