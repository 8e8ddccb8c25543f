import { labelOf, LOOKS, type Verification } from '@/lib/person'
import { useLanguage } from '@/lib/texts'
import { Tag } from '@/ui/Tag'

export function StateTag({ one }: { one: Verification }) {
  useLanguage()
  return <Tag tone={LOOKS[one.state].tone}>{labelOf(one)}</Tag>
}
