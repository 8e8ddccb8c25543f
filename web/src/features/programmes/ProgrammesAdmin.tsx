import { useQuery } from '@tanstack/react-query'
import { Link } from 'wouter'
import plus from '~icon/plus-lg'
import { useCity } from '@/lib/city'
import { date, money } from '@/lib/format'
import { rolesIn, useSession } from '@/lib/session'
import { useTexts } from '@/lib/texts'
import { LinkButton } from '@/ui/Button'
import { DataTable, type Column } from '@/ui/DataTable'
import { Page } from '@/ui/Page'
import { StateTag } from '@/ui/ProgrammeState'
import { EmptyState } from '@/ui/Waiting'
import { programmesQuery, type Programme } from './calls'
import { editorTexts } from './editor.texts'
import { Own, useAmountWords } from './parts'

/** Every programme of the town, drafts too. */
export default function ProgrammesAdmin() {
  const t = useTexts(editorTexts)
  const city = useCity()
  const mayEdit = useMayEdit()
  const programmes = useQuery(programmesQuery(city.slug))
  const add = mayEdit && <LinkButton look="primary" icon={plus} href="/programy/novy">{t.new}</LinkButton>
  const columns: Column<Programme>[] = [
    { key: 'name', head: t.column.name, phone: 'title', cell: one => <Link href={`/programy/${one.id}`}><Own of={one.rules.name} /></Link> },
    { key: 'state', head: t.column.state, phone: 'aside', cell: one => <StateTag state={one.state} /> },
    { key: 'amount', head: t.column.amount, cell: one => <Amount programme={one} /> },
    { key: 'applications', head: t.column.applications, cell: one => <span className="nowrap">{date(one.rules.applications_from)} – {date(one.rules.applications_to)}</span> },
    { key: 'free', head: t.column.free, end: true, cell: one => <span className="nowrap">{money(one.free_minor, 'always')}</span> },
    { key: 'total', head: t.column.total, end: true, cell: one => <span className="nowrap">{money(one.total_minor, 'always')}</span> },
  ]
  return (
    <Page heading={t.heading} lead={t.lead} actions={add}>
      <DataTable caption={t.caption} list={programmes} columns={columns} rowKey={one => one.id} empty={<EmptyState title={t.empty} action={add}>{t.emptyWhy}</EmptyState>} />
    </Page>
  )
}

function Amount({ programme }: { programme: Programme }) {
  return <>{useAmountWords(programme.rules)}</>
}

export function useMayEdit(): boolean {
  const { session } = useSession()
  return rolesIn(session, useCity().slug).some(role => role === 'admin' || role === 'programme_owner')
}
