import { useQuery } from '@tanstack/react-query'
import { useMemo } from 'react'
import * as v from 'valibot'
import { useParams } from 'wouter'
import { useCity, type City } from '@/lib/city'
import { date, dateTime, day } from '@/lib/format'
import { useForm } from '@/lib/form'
import { hasAnyRole, useSession } from '@/lib/session'
import { personTexts } from '@/lib/person.texts'
import { useTexts } from '@/lib/texts'
import { Button } from '@/ui/Button'
import { Callout } from '@/ui/Callout'
import { Card, CardList, Facts, ListRow } from '@/ui/Card'
import { DecisionPanel } from '@/ui/DecisionPanel'
import { RadioGroup, Select, Input } from '@/ui/Field'
import { Form } from '@/ui/Form'
import { Breadcrumbs, Page, Section } from '@/ui/Page'
import { Status } from '@/ui/Tag'
import { useToast } from '@/ui/Toast'
import { Loaded, Skeleton } from '@/ui/Waiting'
import { householdOfQuery, memberQuery, useVerificationActs, type Document, type Reason, type Verification } from './calls'
import { chosenDocument, useDocumentOptions } from './documents'
import { GuardianCase } from './GuardianCase'
import { isSpellingOnly } from './states'
import { StateSentence } from './StateSentence'
import { StateTag } from './StateTag'
import { adminTexts } from './admin.texts'
import { stateTexts } from './texts'

/** One person's verification before a clerk: what was typed, what the registry says, and the decision. */
export default function Case() {
  const { id = '' } = useParams<{ id: string }>()
  const city = useCity()
  const one = useQuery(memberQuery(city.slug, id))
  return <Loaded screen query={one} waiting={<Skeleton lines={8} />}>{data => <OneCase one={data} />}</Loaded>
}

function OneCase({ one }: { one: Verification }) {
  const t = useTexts(adminTexts)
  const city = useCity()
  const { session } = useSession()
  const reason = reasonOf(one, city.verification)
  const isClerk = hasAnyRole(session, city.slug, ['clerk'])
  const isFound = one.outcome === 'match' || one.outcome === 'match_not_resident'
  const name = `${one.given_names} ${one.surname}`
  const isToDecide = isClerk && (reason !== null || one.outcome !== 'match')
  return (
    <Page
      above={<Breadcrumbs crumbs={[{ label: t.people, href: '/lide' }, { label: name }]} />}
      heading={name}
      tag={<StateTag one={one} />}
      lead={<StateSentence one={one} />}
    >
      <div className={isToDecide ? 'with-aside' : 'stack'}>
        <div className="stack">
          {reason && <Callout tone="warning" title={t.reason[reason]}>{t.reasonMore[reason]}</Callout>}
          <Compared one={one} />
          {one.link && <GuardianCase key={one.link.v} one={one} mayDecide={isClerk} />}
          {isFound && !one.child && !one.second_proof && <AtDesk one={one} />}
          <Others one={one} />
        </div>
        {isToDecide && <DecisionPanel title={t.byHand} trigger={t.decide}><ByHand key={one.v} one={one} /></DecisionPanel>}
      </div>
    </Page>
  )
}

function reasonOf(one: Verification, how: string): Reason | null {
  if (one.duplicate) return 'duplicate'
  if (one.outcome === 'ambiguous' || one.outcome === 'no_match' || one.outcome === 'questioned' || one.outcome === 'deceased') return one.outcome
  if (how === 'by_hand' && (one.outcome === 'pending' || one.outcome === 'expired')) return 'by_hand'
  return null
}

/** The rest of the account, so that a clerk need not search for a child. */
function Others({ one }: { one: Verification }) {
  const t = useTexts(adminTexts)
  const city = useCity()
  const household = useQuery(householdOfQuery(city.slug, one.id))
  const others = household.data?.items.filter(({ id }) => id !== one.id) ?? []
  if (others.length === 0) return null
  return (
    <Section title={t.household}>
      <CardList>
        {others.map(other => (
          <ListRow
            key={other.id}
            href={`/lide/overeni/${other.id}`}
            title={`${other.given_names} ${other.surname}`}
            meta={date(other.birth_date)}
            aside={<StateTag one={other} />}
          />
        ))}
      </CardList>
    </Section>
  )
}

const livesIn = (city: City, home: { municipality_code: string; city_part_code: string }) =>
  home.municipality_code === city.municipality_code && (!city.city_part_code || home.city_part_code === city.city_part_code)

/** The form against the registry: a difference of accents only is none. */
function Compared({ one }: { one: Verification }) {
  const t = useTexts(adminTexts)
  const s = useTexts(stateTexts)
  const city = useCity()
  const p = useTexts(personTexts)
  const registered = one.registry_name
  const home = one.residence
  return (
    <Card level={2} title={t.data}>
      <Facts
        facts={[
          { label: t.name, value: `${one.given_names} ${one.surname}` },
          ...(registered
            ? [{ label: t.registry, value: <>{registered.given_names} {registered.surname} <NameVerdict one={one} /></> }]
            : []),
          { label: t.born, value: date(one.birth_date) },
          { label: t.address, value: one.address },
          ...(one.differs.length > 0 ? [{ label: t.differs, value: <Status tone="warning">{one.differs.map(what => p.differs[what]).join(', ')}</Status> }] : []),
          ...(home ? [{ label: t.residence, value: `${s.residence[home.kind]}, ${livesIn(city, home) ? city.name : t.elsewhere}${one.official_address ? `, ${t.officialAddress}` : ''}` }] : []),
          ...(one.by_hand ? [{ label: t.document, value: p.document[one.by_hand] }] : []),
          ...(one.checked_at ? [{ label: t.checkedAt, value: dateTime(one.checked_at) }] : []),
          ...(one.expires_at ? [{ label: t.validUntil, value: date(day(one.expires_at)) }] : []),
          ...(one.next_check_at ? [{ label: t.nextCheck, value: dateTime(one.next_check_at) }] : []),
          ...(one.child ? [] : [{ label: t.secondProof, value: one.second_proof ? t.proofBy[one.second_proof.way] : t.proofNone }]),
        ]}
      />
    </Card>
  )
}

function NameVerdict({ one }: { one: Verification }) {
  const t = useTexts(adminTexts)
  const registered = one.registry_name!
  const typed = `${one.given_names} ${one.surname}`
  const spelled = `${registered.given_names} ${registered.surname}`
  return <Status tone="success">{isSpellingOnly(typed, spelled) ? t.spelling : t.same}</Status>
}

function ByHand({ one }: { one: Verification }) {
  const t = useTexts(adminTexts)
  const toast = useToast()
  const city = useCity()
  const { verifyByHand } = useVerificationActs(city.slug, one.id)
  const schema = useMemo(
    () =>
      v.object({
        outcome: v.picklist(['match', 'match_not_resident', 'no_match'], t.outcomeMissing),
        document: chosenDocument(t.documentMissing),
        birth_place: v.pipe(v.string(), v.trim(), v.maxLength(100)),
      }),
    [t],
  )
  const form = useForm({
    schema: schema as v.GenericSchema<{ outcome: string; document: string; birth_place: string }, v.InferOutput<typeof schema>>,
    defaults: { outcome: '', document: '', birth_place: '' },
    send: async values => {
      await verifyByHand(one.v, { ...values, address_code: '' })
      toast(t.verifiedToast)
    },
  })
  return (
    <Form form={form}>
      <p className="small soft">{t.byHandWhat}</p>
      <RadioGroup
        legend={t.outcomeQuestion}
        choices={[
          { value: 'match', label: t.outcomeMatch },
          { value: 'match_not_resident', label: t.outcomeElsewhere },
          { value: 'no_match', label: t.outcomeNo },
        ]}
        {...form.field('outcome')}
      />
      <Select label={t.document} options={useDocumentOptions()} {...form.field('document')} />
      <Input label={t.birthPlace} hint={t.birthPlaceHint} optional autoComplete="off" {...form.field('birth_place')} />
      <Button submit look="primary" wide busy={form.isBusy}>{t.verify}</Button>
    </Form>
  )
}

/** Somebody stands at the counter: the second proof before any money. */
function AtDesk({ one }: { one: Verification }) {
  const t = useTexts(adminTexts)
  const toast = useToast()
  const city = useCity()
  const { proveAtDesk } = useVerificationActs(city.slug, one.id)
  const schema = useMemo(() => v.object({ document: chosenDocument(t.documentMissing) }), [t])
  const form = useForm({
    schema: schema as v.GenericSchema<{ document: string }, { document: Document }>,
    defaults: { document: '' },
    send: async ({ document }) => {
      await proveAtDesk(document)
      toast(t.deskToast)
    },
  })
  return (
    <Card level={2} title={t.deskTitle}>
      <Form form={form}>
        <p>{t.deskWhat}</p>
        <Select label={t.document} options={useDocumentOptions()} {...form.field('document')} />
        <Button submit busy={form.isBusy}>{t.deskDo}</Button>
      </Form>
    </Card>
  )
}
