import { useQuery } from '@tanstack/react-query'
import { Link } from 'wouter'
import shop from '~icon/shop'
import { useCity } from '@/lib/city'
import { useTable } from '@/lib/table'
import { useTexts } from '@/lib/texts'
import { DataTable, type Column } from '@/ui/DataTable'
import { FilterBar } from '@/ui/FilterBar'
import { Page } from '@/ui/Page'
import { Tabs } from '@/ui/Tabs'
import { Status } from '@/ui/Tag'
import { EmptyState } from '@/ui/Waiting'
import { providersQuery, type Provider } from './calls'
import { wordTexts } from './texts'
import { townTexts } from './town.texts'
import { ProviderTag } from './words'

const FILTERS = ['text', 'state', 'to_do'] as const
type Name = (typeof FILTERS)[number]

/** The town's providers; those that wait for it stand in a view of their own. */
export default function Providers() {
  const t = useTexts(townTexts)
  const words = useTexts(wordTexts)
  const city = useCity()
  const table = useTable<Name>({ filters: FILTERS })
  const { to_do, state, ...rest } = table.query
  const providers = useQuery(providersQuery(city.slug, { ...rest, ...(to_do && { to_do: true }), ...(state && { state: state as Provider['state'] }) }))
  const isSearched = Boolean(table.filters.text)
  return (
    <Page heading={t.heading} lead={t.lead}>
      <Tabs
        label={t.views}
        tabs={[
          { href: '/poskytovatele', label: t.all },
          { href: '/poskytovatele?to_do=true', label: t.toDo },
          { href: '/poskytovatele?state=active', label: t.active },
        ]}
      />
      <DataTable
        caption={t.heading}
        table={{ ...table, isFiltered: table.isFiltered && (isSearched || !to_do) }}
        list={providers}
        rowKey={provider => provider.id}
        columns={useColumns()}
        filters={
          <FilterBar
            table={table}
            searchBy={{ name: 'text', label: t.search }}
            filters={[{ name: 'state', label: t.state, all: t.allStates, options: Object.entries(words.states).map(([value, label]) => ({ value, label })) }]}
          />
        }
        empty={<EmptyState icon={shop} title={to_do ? t.noneToDo : t.none}>{to_do ? t.noneToDoWhy : t.noneWhy}</EmptyState>}
      />
    </Page>
  )
}

function useColumns(): Column<Provider>[] {
  const t = useTexts(townTexts)
  const words = useTexts(wordTexts)
  return [
    {
      key: 'name',
      head: t.name,
      phone: 'title',
      cell: provider => (
        <>
          <Link href={`/poskytovatele/${provider.id}`} className="strong">{provider.name}</Link>
          <div className="small soft">{provider.seat}</div>
        </>
      ),
    },
    { key: 'ico', head: 'IČO', cell: provider => provider.ico },
    { key: 'form', head: t.form, cell: provider => words.legalForms[provider.legal_form] },
    { key: 'state', head: t.state, phone: 'aside', cell: provider => <ProviderTag state={provider.state} /> },
    {
      key: 'waits',
      head: t.waits,
      cell: provider =>
        provider.account_pending > 0 && provider.account_version > 0 ? (
          <Status tone="warning">{t.accountChange}</Status>
        ) : provider.state === 'in_review' ? (
          <Status tone="info">{t.approval}</Status>
        ) : (
          <span className="soft">{t.nothing}</span>
        ),
    },
  ]
}
