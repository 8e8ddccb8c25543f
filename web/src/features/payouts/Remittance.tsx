import { useInfiniteQuery, useMutation } from '@tanstack/react-query'
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
import { remittanceCsv, remittanceQuery, type Line, type Row } from './calls'
import { LineStatus } from './states'
import { payoutTexts } from './texts'

interface RemittanceProps {
  id: string
  provider: string
  above: (heading: string) => ReactNode
  /** What may be done with a redemption of the payment, and with the whole of it. */
  act?: (row: Row, line: Line) => ReactNode
  actions?: (line: Line) => ReactNode
}

/** The redemptions behind one payment; their sum is the payment, to the haléř. */
export function Remittance({ id, provider, above, act, actions }: RemittanceProps) {
  const t = useTexts(payoutTexts)
  const city = useCity()
  const query = useInfiniteQuery(remittanceQuery(city.slug, id, provider))
  const save = useMutation({
    mutationFn: () => remittanceCsv(city.slug, id, provider),
    onSuccess: file => saveAs(file.name, `\ufeff${file.content}`),
  })
  const columns = (line: Line): Column<Row>[] => [
    { key: 'when', head: t.when, phone: 'title', cell: row => dateTime(row.posted_at) },
    { key: 'what', head: t.what, phone: 'plain', cell: row => t.kinds[row.kind] ?? row.kind },
    { key: 'receipt', head: t.receipt, cell: row => <span className="nowrap">{row.receipt_number}</span> },
    { key: 'sum', head: t.sum, end: true, phone: 'aside', cell: row => <span className="nowrap">{moneyChange(row.payable_minor)}</span> },
    ...(act ? [{ key: 'act', head: t.act, phone: 'plain', cell: row => act(row, line) } satisfies Column<Row>] : []),
  ]
  return (
    <Loaded screen query={query}>
      {({ pages }) => {
        const { line } = pages[0]!
        const items = pages.flatMap(page => page.items)
        const heading = t.remittanceOf(String(line.number))
        const debts = [
          { label: t.gross, value: <span className="nowrap">{money(line.gross_minor, 'always')}</span> },
          { label: t.offset, value: <span className="nowrap">{money(-line.offset_minor, 'always')}</span> },
        ]
        return (
          <Page
            above={above(heading)}
            heading={heading}
            lead={line.provider_name}
            actions={
              <>
                {actions?.(line)}
                <Button icon={download} busy={save.isPending} onClick={() => save.mutate()}>{t.csv}</Button>
                <Button look="neutral" icon={printer} onClick={() => print()}>{t.print}</Button>
              </>
            }
          >
            {save.error && <ProblemCallout problem={save.error} />}
            <Card>
              <Facts
                facts={[
                  ...(line.offset_minor > 0 ? debts : []),
                  { label: t.sum, value: <span className="strong nowrap">{money(line.amount_minor, 'always')}</span> },
                  { label: t.account, value: line.inside ? t.inside : line.account },
                  { label: t.bank, value: <LineStatus line={line} /> },
                  { label: t.number, value: t.paymentSymbols(line.number, line.position) },
                  ...(line.note ? [{ label: t.reason, value: line.note }] : []),
                ]}
              />
            </Card>
            <DataTable caption={`${heading}: ${t.rows(line.redemptions)}`} list={{ data: { items }, error: null, refetch: query.refetch }} columns={columns(line)} rowKey={row => row.id} empty={null} />
            {query.hasNextPage && <Button look="neutral" busy={query.isFetchingNextPage} onClick={() => void query.fetchNextPage()}>{t.more}</Button>}
          </Page>
        )
      }}
    </Loaded>
  )
}
