import { useQuery } from '@tanstack/react-query'
import download from '~icon/download'
import { useCity } from '@/lib/city'
import { saveAs } from '@/lib/csv'
import { date, number } from '@/lib/format'
import { useTexts } from '@/lib/texts'
import { Button } from '@/ui/Button'
import { DataTable, type Column } from '@/ui/DataTable'
import { Fingerprint } from '@/ui/Fingerprint'
import { Section } from '@/ui/Page'
import { EmptyState } from '@/ui/Waiting'
import { sealsQuery, type Seal } from './calls'
import { insightTexts } from './texts'

/** The last days' seals: what anyone needs to check a receipt against the town's books. */
export function Seals() {
  const t = useTexts(insightTexts)
  const city = useCity()
  const seals = useQuery(sealsQuery(city.slug))
  const save = (seal: Seal) => saveAs(`${city.slug}-${seal.day}.json`, `${JSON.stringify(seal, null, 2)}\n`, 'application/json')
  const columns: Column<Seal>[] = [
    { key: 'day', head: t.day, phone: 'title', cell: seal => <span className="strong">{date(seal.day)}</span> },
    { key: 'count', head: t.entries, end: true, cell: seal => number(seal.count) },
    { key: 'root', head: t.root, phone: 'plain', cell: seal => <Fingerprint of={seal.root} /> },
    {
      key: 'download',
      head: t.sealFile,
      end: true,
      phone: 'plain',
      cell: seal => (
        <span className="fingerprint"><Button look="quiet" size="s" icon={download} aria-label={`${t.sealDownload}, ${date(seal.day)}`} onClick={() => save(seal)}>{t.sealDownload}</Button></span>
      ),
    },
  ]
  return (
    <Section title={t.seals}>
      <p className="text">{t.sealsWhy}</p>
      <DataTable caption={t.seals} list={seals} columns={columns} rowKey={seal => seal.day} empty={<EmptyState title={t.noSeals}>{t.noSealsWhy}</EmptyState>} />
    </Section>
  )
}
