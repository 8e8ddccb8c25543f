import { useQuery } from '@tanstack/react-query'
import download from '~icon/download'
import { useCity } from '@/lib/city'
import { csv, saveAs } from '@/lib/csv'
import { money } from '@/lib/format'
import { useTexts } from '@/lib/texts'
import { Button } from '@/ui/Button'
import { DataTable, type Column } from '@/ui/DataTable'
import { Page, Section } from '@/ui/Page'
import { minorOf, moneyNames, PARTS, partsIn } from '@/ui/moneyParts'
import { StateTag } from '@/ui/ProgrammeState'
import { EmptyState, Loaded } from '@/ui/Waiting'
import { Budget } from './Budget'
import { openFiguresQuery, type OpenFigures as Figures } from './calls'
import { Seals } from './Seals'
import { insightTexts } from './texts'

const COLUMNS = ['budget', ...PARTS] as const

/** The town's money for anyone to see and download. */
export default function OpenFigures() {
  const t = useTexts(insightTexts)
  const names = useTexts(moneyNames)
  const city = useCity()
  const figures = useQuery(openFiguresQuery(city.slug))
  const shown = ['budget', ...partsIn(figures.data?.together)] as const
  const sum = (minor: number) => <span className="nowrap">{money(minor, 'always')}</span>
  const columns: Column<Figures>[] = [
    { key: 'name', head: t.programme, phone: 'title', cell: one => <span className="strong">{one.name}</span> },
    { key: 'state', head: t.state, phone: 'plain', cell: one => <StateTag plain state={one.state} /> },
    ...shown.map((name): Column<Figures> => ({ key: name, head: names[name], end: true, cell: one => sum(minorOf(one.money, name)) })),
  ]
  const save = (items: readonly Figures[]) =>
    saveAs(
      `${city.slug}.csv`,
      csv(
        [t.programme, ...COLUMNS.map(name => names[name])],
        items.map(({ name, money: m }) => [name, ...COLUMNS.map(column => minorOf(m, column) / 100)]),
      ),
    )
  return (
    <Page heading={t.figures} lead={t.figuresLead} actions={figures.data && <Button icon={download} onClick={() => save(figures.data.items)}>{t.download}</Button>}>
      <Loaded query={figures}>{({ together }) => <Budget title={t.all} money={together} />}</Loaded>
      <Section title={t.programmes}>
        <DataTable caption={t.programmes} list={figures} columns={columns} rowKey={one => one.programme} empty={<EmptyState title={t.empty}>{t.openEmptyWhy}</EmptyState>} />
      </Section>
      <Seals />
      <Section title={t.howToRead}><p className="text">{t.howToReadText}</p></Section>
    </Page>
  )
}
