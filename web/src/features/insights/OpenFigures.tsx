import { useQuery } from '@tanstack/react-query'
import download from '~icon/download'
import { useCity } from '@/lib/city'
import { csv, saveAs } from '@/lib/csv'
import { money } from '@/lib/format'
import { useTexts } from '@/lib/texts'
import { Button } from '@/ui/Button'
import { DataTable, type Column } from '@/ui/DataTable'
import { Page, Section } from '@/ui/Page'
import { StateTag } from '@/ui/ProgrammeState'
import { EmptyState, Loaded } from '@/ui/Waiting'
import { Budget } from './Budget'
import { openFiguresQuery, type OpenFigures as Figures } from './calls'
import { Seals } from './Seals'
import { insightTexts } from './texts'

/** The town's money for anyone to see and download. */
export default function OpenFigures() {
  const t = useTexts(insightTexts)
  const city = useCity()
  const figures = useQuery(openFiguresQuery(city.slug))
  const sum = (minor: number) => <span className="nowrap">{money(minor, 'always')}</span>
  const columns: Column<Figures>[] = [
    { key: 'name', head: t.programme, phone: 'title', cell: one => <span className="strong">{one.name}</span> },
    { key: 'state', head: t.state, phone: 'plain', cell: one => <StateTag plain state={one.state} /> },
    { key: 'budget', head: t.budget, end: true, cell: one => sum(one.money.budget_minor) },
    { key: 'free', head: t.free, end: true, cell: one => sum(one.money.free_minor) },
    { key: 'spent', head: t.spent, end: true, cell: one => sum(one.money.spent_minor) },
    { key: 'paid', head: t.paid, end: true, cell: one => sum(one.money.paid_minor) },
  ]
  const save = (items: readonly Figures[]) =>
    saveAs(
      `${city.slug}.csv`,
      csv(
        [t.programme, t.budget, t.free, t.unspent, t.held, t.toPay, t.paid, t.writtenOff],
        items.map(({ name, money: m }) => [
          name,
          ...[m.budget_minor, m.free_minor, m.unspent_minor, m.held_minor, m.to_pay_minor, m.paid_minor, m.written_off_minor].map(minor => minor / 100),
        ]),
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
