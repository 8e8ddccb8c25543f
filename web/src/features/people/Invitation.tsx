import { useQuery } from '@tanstack/react-query'
import { useMemo, useState, type ReactNode } from 'react'
import * as v from 'valibot'
import { api, ask } from '@/lib/api/client'
import { Problem } from '@/lib/api/problem'
import type { components } from '@/lib/api/schema'
import { appHref, useCity } from '@/lib/city'
import { useForm } from '@/lib/form'
import { useTexts } from '@/lib/texts'
import { Button, LinkButton } from '@/ui/Button'
import { Card, Facts } from '@/ui/Card'
import { Input, PasswordInput } from '@/ui/Field'
import { Form } from '@/ui/Form'
import { Page } from '@/ui/Page'
import { Arms } from '@/ui/shells/parts'
import { Loaded } from '@/ui/Waiting'
import { invitationTexts, roleTexts } from './admin.texts'
import { registrationTexts } from './registration.texts'
import { name, newPassword } from './rules'
import { useLinkToken } from './token'
import './registration.css'

type Offer = components['schemas']['OfferShape']

/** Somebody invited to the town hall or to a provider sees what is offered, and accepts. */
export default function Invitation() {
  const t = useTexts(invitationTexts)
  const r = useTexts(registrationTexts)
  const token = useLinkToken()
  const [isAccepted, setAccepted] = useState(false)
  const offer = useQuery({
    queryKey: ['invitation', token],
    queryFn: () => ask(api.POST('/v1/invitations/look', { body: { token } })),
    enabled: token !== '',
    staleTime: Infinity,
  })
  if (isAccepted) return <Accepted />
  if (!token) return <Frame><Page heading={t.plain}><p>{r.noToken}</p></Page></Frame>
  if (offer.error instanceof Problem && offer.error.code === 'link_spent') return <Frame><Page heading={t.spent} lead={t.spentWhy} /></Frame>
  return (
    <Frame>
      <Loaded query={offer}>
        {known => (
          <Page heading={t.heading(known.provider_name || known.town)} lead={t.lead(known.email)}>
            <Offered offer={known} />
            <Accept offer={known} token={token} done={() => setAccepted(true)} />
          </Page>
        )}
      </Loaded>
    </Frame>
  )
}

/** Before a sign-in there is no navigation, but it must be seen whose page this is. */
function Frame({ children }: { children: ReactNode }) {
  const city = useCity()
  return (
    <div className="container main stack gap-5">
      <a className="brand" href={appHref('www', city.slug)}>
        <Arms city={city} />
        <span className="strong">{city.name}</span>
      </a>
      {children}
    </div>
  )
}

function Accepted() {
  const t = useTexts(invitationTexts)
  const city = useCity()
  return (
    <Frame>
      <Page key="accepted" heading={t.acceptedHeading} lead={t.accepted}>
        <div className="buttons"><LinkButton look="primary" size="l" outside href={appHref('admin', city.slug)}>{t.signIn}</LinkButton></div>
      </Page>
    </Frame>
  )
}

function Offered({ offer }: { offer: Offer }) {
  const t = useTexts(invitationTexts)
  const names = useTexts(roleTexts)
  const roles: Record<string, string> = { ...names.role, owner: names.owner, cashier: names.cashier }
  const facts = [{ label: t.offered, value: offer.roles.map(role => roles[role]).join(', ') }]
  return <div className="narrow"><Card><Facts facts={offer.provider ? [{ label: t.at, value: offer.provider_name }, ...facts] : facts} /></Card></div>
}

function Accept({ offer, token, done }: { offer: Offer; token: string; done: () => void }) {
  const t = useTexts(invitationTexts)
  const schema = useMemo(
    () =>
      offer.has_account
        ? v.object({ given_names: v.string(), surname: v.string(), password: v.string() })
        : v.object({ given_names: name(t.givenNamesMissing), surname: name(t.surnameMissing), password: newPassword(t.passwordMissing) }),
    [t, offer.has_account],
  )
  const form = useForm({
    schema,
    defaults: { given_names: '', surname: '', password: '' },
    send: async ({ given_names, surname, password }) => {
      const who = offer.has_account ? { given_names: null, surname: null, password: null } : { given_names, surname, password }
      await ask(api.POST('/v1/invitations/accept', { body: { token, ...who } }))
      done()
    },
  })
  return (
    <div className="narrow">
      <Card>
        <Form form={form}>
          <p className="soft">{offer.has_account ? t.hasAccount : t.noAccount}</p>
          {!offer.has_account && (
            <>
              <Input label={t.givenNames} autoComplete="given-name" {...form.field('given_names')} />
              <Input label={t.surname} autoComplete="family-name" {...form.field('surname')} />
              <PasswordInput label={t.password} hint={t.passwordHint} autoComplete="new-password" {...form.field('password')} />
            </>
          )}
          <Button submit look="primary" size="l" busy={form.isBusy}>{t.accept}</Button>
        </Form>
      </Card>
    </div>
  )
}
