import { useMutation, useQuery } from '@tanstack/react-query'
import type { ReactNode } from 'react'
import download from '~icon/download'
import printer from '~icon/printer'
import { useCity } from '@/lib/city'
import { saveAs } from '@/lib/csv'
import { dateTime, money, moneyChange } from '@/lib/format'
import { useTexts } from '@/lib/texts'
import { Button } from '@/ui/Button'
import { Card, Facts } from '@/ui/Card'
import { DataTable, type Column } from '@/ui/DataTable'
import { Page } from '@/ui/Page'
import { Loaded, ProblemCallout } from '@/ui/Waiting'
import { remittanceCsv, remittanceQuery, type Row } from './calls'
import { LineStatus } from './states'
import { payoutTexts } from './texts'

/** The redemptions behind one payment; their sum is the payment, to the haléř. */
export function Remittance({ id, provider, above }: { id: string; provider: string; above: (heading: string) => ReactNode }) {
  const t = useTexts(payoutTexts)
  const city = useCity()
  const query = useQuery(remittanceQuery(city.slug, id, provider))
  const save = useMutation({
    mutationFn: () => remittanceCsv(city.slug, id, provider),
    onSuccess: file => saveAs(file.name, `\ufeff${file.content}`),
  })
  const columns: Column<Row>[] = [
    { key: 'when', head: t.when, phone: 'title', cell: row => dateTime(row.posted_at) },
    { key: 'what', head: t.what, phone: 'plain', cell: row => t.kinds[row.kind] ?? row.kind },
    { key: 'receipt', head: t.receipt, cell: row => <code>{row.id.slice(0, 8)}</code> },
    { key: 'sum', head: t.sum, end: true, phone: 'aside', cell: row => <span className="nowrap">{moneyChange(row.payable_minor)}</span> },
  ]
  return (
    <Loaded query={query}>
      {({ line, items }) => {
        const heading = t.remittanceOf(String(line.number))
        return (
          <Page
            above={above(heading)}
            heading={heading}
            lead={line.provider_name}
            actions={
              <>
                <Button icon={download} busy={save.isPending} onClick={() => save.mutate()}>{t.csv}</Button>
                <Button look="neutral" icon={printer} onClick={() => print()}>{t.print}</Button>
              </>
            }
          >
            {save.error && <ProblemCallout problem={save.error} />}
            <Card>
              <Facts
                facts={[
                  { label: t.sum, value: <span className="strong nowrap">{money(line.amount_minor, 'always')}</span> },
                  { label: t.account, value: line.account },
                  { label: t.bank, value: <LineStatus line={line} /> },
                  { label: t.number, value: t.paymentSymbols(line.number, line.position) },
                ]}
              />
            </Card>
            <DataTable caption={`${heading}: ${t.rows(items.length)}`} list={{ data: { items }, error: null, refetch: query.refetch }} columns={columns} rowKey={row => row.id} empty={null} />
          </Page>
        )
      }}
    </Loaded>
  )
}
