/** Every component in its states, for the eye: `npm run dev`, then /dev/. Not part of the build. */
import '@/ui/styles/all.css'
import { QueryClientProvider } from '@tanstack/react-query'
import { useMemo, useState } from 'react'
import { createRoot } from 'react-dom/client'
import * as v from 'valibot'
import plus from '~icon/plus-lg'
import file from '~icon/file-earmark-text'
import calendar from '~icon/calendar-event'
import check from '~icon/check-lg'
import { email, existingDay, filled, typedMoney, useForm } from '@/lib/form'
import { deadline, money, moneyChange } from '@/lib/format'
import { makeQueryClient } from '@/lib/query'
import { useTable } from '@/lib/table'
import { applyTheme } from '@/lib/theme'
import { Accordion } from '@/ui/Accordion'
import { Button, IconButton, LinkButton } from '@/ui/Button'
import { Callout } from '@/ui/Callout'
import { Avatar, Card, CardList, Facts, Figures, ListRow, TaskRow } from '@/ui/Card'
import { Chart } from '@/ui/charts/Chart'
import { DataTable } from '@/ui/DataTable'
import { DecisionPanel } from '@/ui/DecisionPanel'
import { Dialog } from '@/ui/Dialog'
import { BirthDateInput, Checkbox, ChoiceCards, DateInput, Input, MoneyInput, PasswordInput, RadioGroup, Select, Textarea } from '@/ui/Field'
import { FilterBar } from '@/ui/FilterBar'
import { Form } from '@/ui/Form'
import { MoneyBar, MoneyLeft } from '@/ui/MoneyBar'
import { Breadcrumbs, Page, Section } from '@/ui/Page'
import { QrView } from '@/ui/Qr'
import { SaveState } from '@/ui/SaveState'
import { AdminShell } from '@/ui/shells/AdminShell'
import { MojeShell } from '@/ui/shells/MojeShell'
import { StepBar, StepList } from '@/ui/Stepper'
import { Tabs } from '@/ui/Tabs'
import { Status, Tag } from '@/ui/Tag'
import { Timeline } from '@/ui/Timeline'
import { Toasts, useToast } from '@/ui/Toast'
import { Upload } from '@/ui/Upload'
import { EmptyState } from '@/ui/Waiting'
import type { City } from '@/lib/city'

const city = { slug: 'modrinov', name: 'Modřínov', arms: '', contact: {} } as City
const session = { access_token: '', expires_at: '', session: '', person: { id: '1', name: 'Jana Nováková', email: '', language: 'cs' }, roles: { modrinov: ['clerk'] }, providers: { modrinov: { a: 'owner' as const } } }
const nav = [
  { href: '/', label: 'Přehled', icon: file, phone: true },
  { href: '/dev', label: 'Programy', icon: calendar, phone: true },
  { href: '/zadosti', label: 'Žádosti', icon: file, useCount: () => 48 },
  { href: '/vouchery', label: 'Kredit a vouchery', short: 'Vouchery', icon: file, phone: true },
  { href: '/zpravy', label: 'Zprávy', icon: file, phone: true, useCount: () => 2 },
]

const parts = [
  { tone: 'paid', label: 'Vyplaceno', minor: 84_650_000 },
  { tone: 'spent', label: 'Uplatněno, čeká na výplatu', minor: 21_480_000 },
  { tone: 'held', label: 'Blokováno', minor: 6_230_000 },
  { tone: 'allotted', label: 'Přiznáno, nevyčerpáno', minor: 86_440_000 },
  { tone: 'free', label: 'Volné', minor: 41_200_000 },
] as const

const rows = [
  { id: '2026-004790', day: '13. 11. 2026', name: 'Ema Nováková', by: 'Petr Novák', minor: 400000, tone: 'warning', check: 'Možná duplicita', waits: '6 dní' },
  { id: '2026-004812', day: '14. 11. 2026', name: 'Wolfeschlegelsteinhausenbergerdorffová Anna', by: 'Jana Nováková', minor: 123456750, tone: 'warning', check: '1 rozdíl proti registru', waits: '5 dní' },
  { id: '2026-004815', day: '14. 11. 2026', name: 'Nguyễn Thị Lan', by: 'Tomáš Říha', minor: 400000, tone: 'success', check: 'Vše ověřeno', waits: '5 dní' },
  { id: '2026-004821', day: '15. 11. 2026', name: 'Vojtěch Žížala', by: 'Šárka Žížalová', minor: 320000, tone: 'error', check: 'Chybí doklad', waits: '4 dny' },
] as const

function Fields() {
  const schema = useMemo(() => v.object({
    email: email('Doplňte e-mail, například jana@posta.example'), password: filled('Doplňte heslo'), reason: filled('Vyberte důvod'),
    note: v.string(), price: typedMoney('Doplňte cenu, například 350'), paid_on: existingDay('Doplňte datum platby, například 15. 9. 2026'),
    birth_date: existingDay('Doplňte datum narození, například 14. 5. 2018'), way: filled('Vyberte, jak voucher chcete'), child: v.array(v.string()), agree: v.boolean(),
  }), [])
  const form = useForm({
    schema,
    defaults: { email: '', password: '', reason: '', note: '', price: '', paid_on: '', birth_date: '', way: '', child: ['ema'], agree: false },
    send: async () => {},
  })
  return (
    <Form form={form}>
      <Input label="E-mail" type="email" hint="Pošleme na něj odkaz" {...form.field('email')} />
      <PasswordInput label="Heslo" {...form.field('password')} />
      <Select label="Důvod" options={[{ value: '', label: 'Vyberte' }, { value: 'a', label: 'Neúplné doklady' }]} {...form.field('reason')} />
      <Textarea label="Poznámka" optional {...form.field('note')} />
      <MoneyInput label="Cena aktivity" {...form.field('price')} />
      <DateInput label="Datum platby" hint="Den, kdy jste oddílu zaplatili." {...form.field('paid_on')} />
      <BirthDateInput label="Datum narození" own {...form.control('birth_date')} />
      <RadioGroup legend="Jak voucher chcete" choices={[{ value: 'mail', label: 'E-mailem' }, { value: 'print', label: 'Vytisknout v infocentru', hint: 'Po až Pá 8–17' }]} {...form.field('way')} />
      <ChoiceCards
        legend="Pro které dítě žádáte?" big many
        choices={[
          { value: 'ema', title: 'Ema Nováková', meta: 'nar. 14. 5. 2018, 8 let', tag: <Tag tone="success">Splňuje podmínky</Tag> },
          { value: 'tomas', title: 'Tomáš Novák', meta: 'nar. 2. 3. 2020, 6 let', tag: <Tag tone="info">Ověřujeme</Tag>, note: 'Údaje ověřuje městský úřad, obvykle do 24 hodin.' },
          { value: 'adela', title: 'Adéla Nováková', meta: 'nar. 9. 10. 2024, 2 roky', tag: <Tag tone="neutral">Nelze žádat</Tag>, disabledBecause: 'Program je pro děti, kterým je k 1. 9. 2026 aspoň 6 a nejvýše 18 let.' },
        ]}
        {...form.field('child')}
      />
      <Checkbox label="Chci dostávat novinky" hint="Kdykoli se odhlásíte" {...form.field('agree')} />
      <Upload label="Potvrzení o členství" hint="Fotka nebo PDF do 10 MB" name="proof" accept="image/*" bytesMax={10_000_000} tooLarge={size => `Soubor má ${size}. Nahrajte menší.`} files={[{ id: '1', name: 'potvrzeni-judo.jpg', bytes: 1_200_000, note: 'zkontrolováno, bez virů' }]} send={async () => {}} remove={() => {}} />
      <div className="form-foot">
        <Button submit look="primary" size="l">Pokračovat</Button>
        <Button look="quiet">Uložit a odejít</Button>
      </div>
    </Form>
  )
}

function TableExample() {
  const table = useTable({ sort: '-day', filters: ['state', 'q'] })
  return (
    <DataTable
      caption="Žádosti" table={table} total={48} rowKey={row => row.id} rowName={row => row.id}
      list={{ data: { items: rows, next: 'x' }, error: null, refetch: () => {} }}
      empty={<EmptyState title="Zatím tu nic není">Žádosti se objeví, až je občané podají.</EmptyState>}
      filters={<FilterBar table={table} searchBy={{ name: 'q', label: 'Jméno nebo číslo žádosti' }} filters={[{ name: 'state', label: 'Stav', all: 'Všechny stavy', options: [{ value: 'a', label: 'V posouzení' }] }]} summary="48 žádostí, celkem 187 200 Kč" />}
      bulk={() => <><Button size="s">Přidělit</Button><Button size="s">Vrátit k doplnění</Button></>}
      columns={[
        { key: 'id', head: 'Žádost', sort: 'day', phone: 'plain', cell: row => <><a href="/dev/">{row.id}</a><div className="small soft">{row.day}</div></> },
        { key: 'who', head: 'Pro koho', phone: 'title', cell: row => <><span className="strong">{row.name}</span><div className="small soft">žádá {row.by}</div></> },
        { key: 'minor', head: 'Částka', sort: 'minor', end: true, phone: 'aside', cell: row => <span className="strong">{money(row.minor, 'always')}</span> },
        { key: 'check', head: 'Kontroly', phone: 'plain', cell: row => <Status tone={row.tone}>{row.check}</Status> },
        { key: 'waits', head: 'Čeká', phone: 'line', cell: row => row.waits },
      ]}
    />
  )
}

function Overlays() {
  const [open, setOpen] = useState(false)
  const toast = useToast()
  return (
    <div className="buttons">
      <Button onClick={() => setOpen(true)}>Otevřít dialog</Button>
      <Button onClick={() => toast('Voucher je zablokovaný', { undo: () => {} })}>Ukázat oznámení</Button>
      <Dialog open={open} onClose={() => setOpen(false)} title="Odeslat 12 plateb bance?" actions={<><Button look="neutral" autoFocus onClick={() => setOpen(false)}>Zpět</Button><Button look="primary">Odeslat 187 200 Kč</Button></>}>
        <p>Po odeslání už platby nezměníte.</p>
      </Dialog>
    </div>
  )
}

function Parts() {
  return (
    <Page
      heading="Sport dětí 2026/27" tag={<Tag tone="success">Přijímá žádosti</Tag>} lead="Stav k 20. 11. 2026 v 9:41"
      above={<Breadcrumbs crumbs={[{ label: 'Programy', href: '/dev' }, { label: 'Sport dětí 2026/27' }]} />}
      actions={<><Button icon={file}>Exportovat</Button><Button look="primary" icon={plus}>Nová žádost</Button></>}
    >
      <Tabs label="Části programu" tabs={[{ href: '/dev', label: 'Čísla' }, { href: '/a', label: 'Žádosti', count: 48 }, { href: '/b', label: 'Poskytovatelé' }, { href: '/c', label: 'Pravidla a texty' }]} />
      <Card><MoneyBar title="Rozpočet" parts={parts} aside="Stav k 20. 11. 2026 v 9:41" /></Card>
      <Figures figures={[{ label: 'Žádosti', value: '1 284', note: '37 tento týden' }, { label: 'K rozhodnutí', value: '48', note: 'nejstarší 6 dní' }, { label: 'Schváleno', value: '1 102', note: '93 % rozhodnutých' }, { label: 'Obvyklá doba', value: '1,8 dne' }]} />
      <div className="grid grid-2">
        <Chart kind="columns" title="Žádosti po týdnech" finding="Nejvíc v prvním říjnovém týdnu, 219 žádostí." rowLabel="Týden" series={[{ label: 'Schválené' }, { label: 'Nevyhověno' }, { label: 'Čekají' }]} data={['14. 9.', '21. 9.', '28. 9.', '5. 10.', '12. 10.', '19. 10.', '26. 10.', '2. 11.', '9. 11.', '16. 11.'].map((label, i) => ({ label, values: [30 + ((i * 53) % 170), 4 + (i % 3) * 5, i > 7 ? 30 : 0] }))} />
        <Chart kind="bars" title="Zájem o aktivity" finding="Fotbal a plavání tvoří skoro polovinu." rowLabel="Aktivita" series={[{ label: 'Objednávky' }]} data={[['Fotbal', 243], ['Plavání', 198], ['Judo', 112], ['Gymnastika a cvičení rodičů', 97], ['Tanec', 84]].map(([label, value]) => ({ label: String(label), values: [Number(value)] }))} />
        <Chart kind="line" title="Uplatněno po měsících" finding="Od září roste každý měsíc." rowLabel="Měsíc" format={value => money(value)} series={[{ label: 'Letos' }, { label: 'Loni', tone: 'grey' }]} data={[['září', 1200000, 900000], ['říjen', 3400000, 2100000], ['listopad', 5100000, 2800000]].map(([label, a, b]) => ({ label: String(label), values: [Number(a), Number(b)] }))} />
        <Card title="Kredit na sport dětí" aside={<Tag tone="info">Platný</Tag>}>
          <p className="small soft">Pro: Ema Nováková</p>
          <MoneyLeft left={235000} of={400000} held={80000} ofWord="z">Dalších 800 Kč čeká na potvrzení oddílu. Platí do {deadline('2027-08-31')}.</MoneyLeft>
          <div className="buttons"><LinkButton href="/dev">Vybrat aktivitu</LinkButton><Button look="quiet">Stáhnout PDF</Button></div>
        </Card>
      </div>
      <TableExample />
      <div className="with-aside">
        <div className="sections">
          <Callout tone="warning" title="Dvě věci k posouzení" action={<Button>Ukázat</Button>}>O stejné dítě žádá i druhý rodič a adresa se liší od registru.</Callout>
          <Callout tone="error" title="Ještě to nejde odeslat">Doplňte datum platby.</Callout>
          <Callout tone="success" title="Žádost je odeslaná">Rozhodneme do 4. 12. 2026.</Callout>
          <Callout tone="info">Poučení o zpracování údajů.</Callout>
          <Callout tone="neutral" title="Ověřujeme výsledek">Odpověď nepřišla.</Callout>
          <Section title="Čeká na vás" aside={<a href="/dev/">Všechny</a>}>
            <CardList urgent>
              <TaskRow icon={file} tone="warning" title="Doplňte potvrzení o členství v oddílu" meta={<>Ema Nováková · Sport dětí 2026/27 · <b>do {deadline('2026-11-24', '2026-11-20T08:00:00Z')}</b></>} action={<Button look="primary">Doplnit</Button>} />
              <TaskRow icon={calendar} title="Voucher na plavání brzy skončí" meta="Tomáš Novák · zbývá 350 Kč · platí do 31. 12. 2026" action={<Button>Kde uplatnit</Button>} />
            </CardList>
          </Section>
          <Section title="Žádosti">
            <CardList>
              <ListRow href="/a" title="Sport dětí 2026/27" meta="Ema Nováková · č. 2026-004812" aside={<Tag tone="warning">Čeká na doplnění</Tag>} />
              <ListRow href="/a" title="Knihy pro školáky" meta="Tomáš Novák · rozhodneme do 4. 12. 2026" aside={<Tag tone="info">Posuzujeme</Tag>} />
              <ListRow title="Bazén Zálesí" meta="20. 11. 2026 v 9:14" aside={<span className="strong nowrap">{moneyChange(-15000)}</span>} start={<Avatar letters="BZ" />} />
            </CardList>
          </Section>
          <StepBar title="Sport dětí 2026/27" steps={[{ label: 'Pro koho' }, { label: 'Podmínky' }, { label: 'Aktivita a cena' }, { label: 'Doklady' }, { label: 'Shrnutí' }]} current={1} />
          <Fields />
          <Accordion items={[{ title: 'Kdo může požádat?', content: <p>Každý s trvalým pobytem.</p>, open: true }, { title: 'Jak dlouho to trvá?', content: <p>Den.</p> }]} />
          <EmptyState title="Zatím tu nejsou žádné vouchery" action={<Button>Najít podporu</Button>}>Dostanete je po schválení žádosti.</EmptyState>
          <Overlays />
          <div className="buttons"><Button look="danger">Zablokovat voucher</Button><Button look="danger-quiet">Ztratil se? Zablokovat</Button><Button look="neutral">Zpět</Button><Button look="primary" busy>Uplatnit 120 Kč</Button><IconButton icon={plus} label="Přidat" edge /><Button disabled>Nejde to</Button></div>
          <div className="row"><Tag tone="success">Platný</Tag><Tag tone="warning">K doplnění</Tag><Tag tone="error">Nevyhověno</Tag><Tag tone="info">Posuzujeme</Tag><Tag tone="neutral">Koncept</Tag></div>
        </div>
        <DecisionPanel title="Rozhodnutí" trigger="Rozhodnout">
          <Facts money facts={[{ label: 'Požadováno', value: money(400000, 'always') }, { label: 'Volné v programu', value: money(41200000, 'always') }]} />
          <Button look="primary">Schválit 4 000 Kč</Button>
          <QrView value="AM1.7K4M9PQ2XR.abcdefghijklmnop" code="7K4M-9PQ2-XR" />
          <StepList title="Kroky žádosti" steps={[{ label: 'Pro koho', href: '/dev' }, { label: 'Podmínky' }, { label: 'Doklady' }]} current={1} />
          <SaveState state={{ status: 'saved', at: new Date('2026-11-20T13:32:00Z') }} note="žádost zatím není odeslaná" />
          <Timeline items={[{ icon: check, title: 'Přiděleno: Marie Dvořáková', meta: '18. 11. 2026 v 8:02 · automaticky' }, { icon: file, title: 'Podáno: Jana Nováková', meta: '14. 11. 2026 v 18:20 · z telefonu' }]} />
        </DecisionPanel>
      </div>
    </Page>
  )
}

const colour = new URLSearchParams(location.search).get('colour')
if (colour) applyTheme(`#${colour}`)
const isAdmin = location.search.includes('admin')
createRoot(document.getElementById('root')!).render(
  <QueryClientProvider client={makeQueryClient()}>
    <Toasts>
      {isAdmin ? (
        <AdminShell city={city} session={session} items={nav} roleLabel="Posuzování žádostí" sides={[{ href: '/a', label: 'Úřad: Modřínov', current: true }, { href: '/b', label: 'Poskytovatel 1', current: false }]}><Parts /></AdminShell>
      ) : (
        <MojeShell city={city} session={session} items={nav}><Parts /></MojeShell>
      )}
    </Toasts>
  </QueryClientProvider>,
)
