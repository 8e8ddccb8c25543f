import { useMemo, useState } from 'react'
import * as v from 'valibot'
import pin from '~icon/geo-alt'
import plus from '~icon/plus-lg'
import { api, ask, ifMatch } from '@/lib/api/client'
import { useCity } from '@/lib/city'
import { filled, useForm } from '@/lib/form'
import { useTexts } from '@/lib/texts'
import { Button } from '@/ui/Button'
import { CardList, ListRow } from '@/ui/Card'
import { Dialog, Sheet } from '@/ui/Dialog'
import { Input } from '@/ui/Field'
import { Form } from '@/ui/Form'
import { Section } from '@/ui/Page'
import { Tag } from '@/ui/Tag'
import { useToast } from '@/ui/Toast'
import { EmptyState } from '@/ui/Waiting'
import { versionOf, type Branch, type Provider } from './calls'
import { useReread } from './saving'
import { ownTexts } from './texts'

type Open = { what: 'add' } | { what: 'edit' | 'close'; branch: Branch } | null

/** Where the provider sells. */
export function BranchesSection({ provider, mayEdit }: { provider: Provider; mayEdit: boolean }) {
  const t = useTexts(ownTexts)
  const [open, setOpen] = useState<Open>(null)
  const close = () => setOpen(null)
  const isMissing = provider.missing.includes('branch')
  const add = mayEdit && <Button look={isMissing ? 'primary' : 'secondary'} icon={plus} onClick={() => setOpen({ what: 'add' })}>{t.addBranchButton}</Button>
  return (
    <Section title={t.branches} aside={provider.branches.length > 0 && add}>
      {provider.branches.length === 0 ? (
        <EmptyState icon={pin} title={t.noBranches} action={add}>{t.noBranchesWhy}</EmptyState>
      ) : (
        <CardList label={t.branches}>
          {provider.branches.map(branch => (
            <ListRow
              key={branch.id}
              title={branch.name}
              meta={[branch.address, branch.phone].filter(Boolean).join(' · ')}
              aside={
                branch.closed ? (
                  <Tag tone="neutral">{t.closed}</Tag>
                ) : mayEdit ? (
                  <div className="branch-actions">
                    <Button size="s" look="quiet" aria-label={`${t.edit}: ${branch.name}`} onClick={() => setOpen({ what: 'edit', branch })}>{t.edit}</Button>
                    <Button size="s" look="danger-quiet" aria-label={`${t.closeBranch}: ${branch.name}`} onClick={() => setOpen({ what: 'close', branch })}>{t.closeBranch}</Button>
                  </div>
                ) : null
              }
            />
          ))}
        </CardList>
      )}
      {open?.what === 'add' && <BranchSheet provider={provider} onClose={close} />}
      {open?.what === 'edit' && <BranchSheet provider={provider} branch={open.branch} onClose={close} />}
      {open?.what === 'close' && <CloseBranch provider={provider} branch={open.branch} onClose={close} />}
    </Section>
  )
}

function BranchSheet({ provider, branch, onClose }: { provider: Provider; branch?: Branch; onClose: () => void }) {
  const t = useTexts(ownTexts)
  const city = useCity()
  const toast = useToast()
  const reread = useReread(provider.id)
  const schema = useMemo(
    () => v.object({ name: filled(t.branchNameNeeded), address: filled(t.addressNeeded), phone: v.pipe(v.string(), v.trim(), v.regex(/^[+0-9 ]*$/, t.phoneWrong)) }),
    [t],
  )
  const path = { city: city.slug, id: provider.id }
  const form = useForm({
    schema,
    defaults: { name: branch?.name ?? '', address: branch?.address ?? '', phone: branch?.phone ?? '' },
    send: async values => {
      const body = { ...values, address_code: branch?.address_code ?? '' }
      await reread(
        await ask(
          branch
            ? api.PUT('/v1/cities/{city}/providers/{id}/branches/{line}', { params: { path: { ...path, line: branch.id }, header: ifMatch(versionOf(provider)) }, body })
            : api.POST('/v1/cities/{city}/providers/{id}/branches', { params: { path }, body }),
        ),
      )
      toast(t.branchSaved)
      onClose()
    },
  })
  return (
    <Sheet open onClose={onClose} title={branch ? t.editBranch : t.addBranchButton}>
      <Form form={form}>
        <Input label={t.branchName} maxLength={200} {...form.field('name')} />
        <Input label={t.address} autoComplete="street-address" maxLength={200} {...form.field('address')} />
        <Input label={t.phone} type="tel" optional maxLength={30} {...form.field('phone')} />
        <div className="buttons"><Button submit look="primary" busy={form.isBusy}>{t.saveBranch}</Button></div>
      </Form>
    </Sheet>
  )
}

function CloseBranch({ provider, branch, onClose }: { provider: Provider; branch: Branch; onClose: () => void }) {
  const t = useTexts(ownTexts)
  const city = useCity()
  const toast = useToast()
  const reread = useReread(provider.id)
  const form = useForm({
    schema: v.object({}),
    defaults: {},
    send: async () => {
      await reread(await ask(api.DELETE('/v1/cities/{city}/providers/{id}/branches/{line}', { params: { path: { city: city.slug, id: provider.id, line: branch.id } } })))
      toast(t.branchClosed)
      onClose()
    },
  })
  return (
    <Dialog open onClose={onClose} title={t.closeTitle}>
      <Form form={form}>
        <p><strong>{branch.name}</strong></p>
        <p>{t.closeEffect}</p>
        <div className="buttons">
          <Button look="neutral" autoFocus onClick={onClose}>{t.keep}</Button>
          <Button submit look="danger" busy={form.isBusy}>{t.closeBranch}</Button>
        </div>
      </Form>
    </Dialog>
  )
}
