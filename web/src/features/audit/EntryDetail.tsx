import { useQuery } from '@tanstack/react-query'
import { Link, useParams, useSearchParams } from 'wouter'
import check from '~icon/check-lg'
import clock from '~icon/clock'
import download from '~icon/download'
import { useCity } from '@/lib/city'
import { saveAs } from '@/lib/csv'
import { date, dateTime, money, moneyChange, number } from '@/lib/format'
import { useTexts } from '@/lib/texts'
import { Button, LinkButton } from '@/ui/Button'
import { Card, CardList, Facts, ListRow } from '@/ui/Card'
import { Fingerprint } from '@/ui/Fingerprint'
import { Breadcrumbs, Page, Section } from '@/ui/Page'
import { Status } from '@/ui/Tag'
import { EmptyState, Loaded } from '@/ui/Waiting'
import './audit.css'
import { entryQuery, receiptQuery, type Entry, type Receipt } from './calls'
import { useNames } from './names'
import { bookTexts } from './texts'
import { accountWords, doerWords, entryHref, kindWords, namesWith, outcomeWords, placeOf } from './words'

/** One entry: all that is written, its seal, and what points at it. */
export default function EntryDetail() {
  const { id } = useParams<{ id: string }>()
  const [params] = useSearchParams()
  const t = useTexts(bookTexts)
  const city = useCity()
  const found = useQuery(entryQuery(city.slug, id, placeOf(params)))
  return (
    <Loaded screen query={found}>
      {({ entry, pointing }) =>
        entry ? (
          <Shown entry={entry} pointing={pointing} />
        ) : (
          <Page above={<Breadcrumbs crumbs={[{ label: t.heading, href: '/kniha' }, { label: t.entry }]} />} heading={t.entry}>
            <Card><EmptyState title={t.gone} action={<LinkButton href="/kniha">{t.toJournal}</LinkButton>}>{t.goneWhy}</EmptyState></Card>
          </Page>
        )
      }
    </Loaded>
  )
}

function Shown({ entry, pointing }: { entry: Entry; pointing: readonly Entry[] }) {
  const t = useTexts(bookTexts)
  const isTransfer = entry.entry === 'transfer'
  return (
    <Page
      above={<Breadcrumbs crumbs={[{ label: t.heading, href: '/kniha' }, { label: t.entry }]} />}
      heading={isTransfer ? `${kindWords(entry, t)} ${money(entry.amount_minor)}` : kindWords(entry, t)}
      lead={dateTime(entry.at)}
    >
      <div className="grid grid-2">
        <Card level={2} title={t.facts}><Facts facts={useFacts(entry)} /></Card>
        {isTransfer && <Sealed entry={entry} />}
      </div>
      <Section title={t.pointing}>
        {pointing.length > 0 ? (
          <CardList label={t.pointing}>
            {pointing.map(one => <ListRow key={one.id} href={entryHref(one)} title={kindWords(one, t)} meta={dateTime(one.at)} aside={<span className="strong nowrap">{money(one.amount_minor, 'always')}</span>} />)}
          </CardList>
        ) : (
          <p className="soft">{t.nothingPoints}</p>
        )}
      </Section>
    </Page>
  )
}

function useFacts(entry: Entry) {
  const t = useTexts(bookTexts)
  const names = namesWith(entry, useNames(useCity().slug))
  const account = (text: string) => <>{accountWords(text, names, t, entry.programme)} <code className="code soft">{text}</code></>
  const filter = (name: string, value: string, label: string) => <Link href={`/kniha?${new URLSearchParams({ [name]: value })}`}>{label}</Link>
  const facts: ({ label: string; value: React.ReactNode } | null)[] = [
    { label: t.number, value: <code className="code">{entry.id}</code> },
    entry.debit ? { label: t.from, value: account(entry.debit) } : null,
    entry.credit ? { label: t.to, value: account(entry.credit) } : null,
    entry.amount_minor ? { label: t.amount, value: money(entry.amount_minor, 'always') } : null,
    entry.payable_minor ? { label: t.payable, value: moneyChange(entry.payable_minor) } : null,
    entry.outcome ? { label: t.outcome, value: outcomeWords(entry, t) } : null,
    entry.about ? { label: t.about, value: <code className="code">{entry.about}</code> } : null,
    { label: t.who, value: doerWords(entry, t) },
    { label: t.doerNumber, value: entry.via === 'moje' ? filter('person', entry.by, entry.by) : <code className="code">{entry.by}</code> },
    entry.approved_by ? { label: t.approvedBy, value: entry.approved_by_name || entry.approved_by } : null,
    entry.reason ? { label: t.reason, value: t.reasons[entry.reason] ?? entry.reason } : null,
    entry.programme ? { label: t.programme, value: filter('programme', entry.programme, entry.programme_name || entry.programme) } : null,
    entry.provider ? { label: t.provider, value: filter('provider', entry.provider, entry.provider_name || entry.provider) } : null,
    entry.grant ? { label: t.grant, value: filter('grant', entry.grant, t.wholeLife) } : null,
    entry.till ? { label: t.till, value: <code className="code">{entry.till}</code> } : null,
    entry.original ? { label: t.of, value: <Link href={entryHref({ ...entry, id: entry.original })}>{t.original}</Link> } : null,
    entry.budget_year ? { label: t.budgetYear, value: String(entry.budget_year) } : null,
    entry.coordinates ? { label: t.coordinates, value: <code className="code">{entry.coordinates}</code> } : null,
  ]
  return facts.filter(fact => fact !== null)
}

function Sealed({ entry }: { entry: Entry }) {
  const t = useTexts(bookTexts)
  const city = useCity()
  const receipt = useQuery(receiptQuery(city.slug, entry))
  const save = (found: Receipt) => saveAs(`zapis-${entry.id}.json`, `${JSON.stringify(found, null, 2)}\n`, 'application/json')
  return (
    <Card level={2} title={t.seal}>
      <Loaded query={receipt}>
        {found => (
          <div className="stack gap-4">
            {found.seal ? (
              <>
                <Status tone="success" icon={check}>{t.sealed(date(found.seal.day))}</Status>
                <Facts
                  facts={[
                    { label: t.position, value: t.positionOf(number(found.index + 1), number(found.seal.count)) },
                    { label: t.root, value: <Fingerprint of={found.seal.root} /> },
                    { label: t.leaf, value: <Fingerprint of={found.leaf} /> },
                  ]}
                />
              </>
            ) : (
              <>
                <Status tone="neutral" icon={clock}>{t.notSealed}</Status>
                <p className="small soft">{t.notSealedWhy}</p>
              </>
            )}
            <details>
              <summary>{t.text}</summary>
              <p className="small soft">{t.textWhy}</p>
              <p className="canonical">{found.body}</p>
            </details>
            {found.seal && (
              <>
                <div className="buttons"><Button icon={download} onClick={() => save(found)}>{t.getProof}</Button></div>
                <p className="small soft">{t.proofFor}</p>
              </>
            )}
          </div>
        )}
      </Loaded>
    </Card>
  )
}
