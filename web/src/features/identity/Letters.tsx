import './letter.css'
import { useQuery } from '@tanstack/react-query'
import printer from '~icon/printer'
import { useCity } from '@/lib/city'
import { date, dateTime, day } from '@/lib/format'
import { useTexts } from '@/lib/texts'
import { Button } from '@/ui/Button'
import { DataTable, type Column } from '@/ui/DataTable'
import { Page } from '@/ui/Page'
import { EmptyState, ProblemCallout } from '@/ui/Waiting'
import { lettersQuery, usePrintLetter, type LetterRow, type PrintedLetter } from './calls'
import { PeopleTabs } from './PeopleTabs'
import { adminTexts } from './admin.texts'

/** Letters with codes: each is made here once, and printed at once. */
export default function Letters() {
  const t = useTexts(adminTexts)
  const city = useCity()
  const list = useQuery(lettersQuery(city.slug))
  const print = usePrintLetter(city.slug)
  if (print.data) return <OneLetter letter={print.data} onDone={print.reset} />
  const columns: Column<LetterRow>[] = [
    { key: 'name', head: t.name, phone: 'title', cell: row => row.name },
    { key: 'ordered', head: t.orderedAt, end: true, cell: row => dateTime(row.ordered_at) },
    {
      key: 'print', head: t.print, end: true, phone: 'plain',
      cell: row => <Button size="s" icon={printer} busy={print.isPending && print.variables === row.id} onClick={() => print.mutate(row.id)}>{t.print}</Button>,
    },
  ]
  return (
    <Page heading={t.people} lead={t.lettersLead}>
      <PeopleTabs />
      {print.error && <ProblemCallout problem={print.error} />}
      <DataTable
        caption={t.letters}
        list={list}
        columns={columns}
        rowKey={row => row.id}
        empty={<EmptyState title={t.lettersEmpty}>{t.lettersEmptyWhy}</EmptyState>}
      />
    </Page>
  )
}

/** As it leaves the printer: address, code, what to do with it. */
function OneLetter({ letter, onDone }: { letter: PrintedLetter; onDone: () => void }) {
  const t = useTexts(adminTexts)
  const city = useCity()
  return (
    <Page
      heading={t.letterHeading}
      actions={
        <span className="buttons no-print">
          <Button look="primary" icon={printer} onClick={() => print()}>{t.printNow}</Button>
          <Button onClick={onDone}>{t.letterDone}</Button>
        </span>
      }
    >
      <article className="card letter">
        <address className="letter-address">
          {letter.name}
          <br />
          {letter.address}
        </address>
        <p>{t.letterText(city.name)}</p>
        <p className="figure letter-code">{letter.code}</p>
        <p>{t.letterUntil(date(day(letter.expires_at)))}</p>
        <p>{t.letterNotYou}</p>
        <p className="small soft">{[city.name, city.contact.office, city.contact.phone].filter(Boolean).join(' · ')}</p>
      </article>
    </Page>
  )
}
