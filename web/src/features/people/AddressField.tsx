import './address.css'
import { useQuery } from '@tanstack/react-query'
import { useCombobox } from 'downshift'
import { useDeferredValue } from 'react'
import check from '~icon/check-circle-fill'
import pin from '~icon/geo-alt'
import { api, ask } from '@/lib/api/client'
import { useCity } from '@/lib/city'
import { fieldId } from '@/lib/fieldId'
import { texts, useTexts } from '@/lib/texts'
import { Field } from '@/ui/Field'
import { Icon } from '@/ui/Icon'
import type { Address } from './rules'

const QUERY_MIN = 2

const t$ = texts({
  cs: {
    hint: 'Začněte ulicí a číslem, pak vyberte z nabídky',
    fromList: 'Vybráno ze seznamu města',
    typed: 'Adresa není ze seznamu. Bydlíte-li ve městě, vyberte ji z nabídky.',
    found: (count: number) => `Nalezeno: ${count}`,
  },
  en: {
    hint: 'Start with the street and number, then choose from the list',
    fromList: 'Chosen from the town’s list',
    typed: 'The address is not from the list. If you live in the town, choose it from the list.',
    found: (count: number) => `Found: ${count}`,
  },
})

interface AddressFieldProps {
  label: string
  name: string
  value: Address
  onChange: (value: Address) => void
  onBlur?: () => void
  error?: string | undefined
}

/** An address chosen from the town's list; who lives elsewhere types it. */
export default function AddressField({ label, name, value, onChange, onBlur, error }: AddressFieldProps) {
  const t = useTexts(t$)
  const found = useAddresses(value.address_code ? '' : value.text)
  const box = useCombobox({
    id: fieldId(name),
    inputId: fieldId(name),
    items: [...found],
    itemToString: item => item?.text ?? '',
    inputValue: value.text,
    onSelectedItemChange: ({ selectedItem }) => selectedItem && onChange({ text: selectedItem.text, address_code: selectedItem.code }),
  })
  const isOpen = box.isOpen && found.length > 0
  const typed = (text: string) => onChange({ text, address_code: '' })
  return (
    <Field label={label} hint={t.hint} error={error} name={name}>
      {control => (
        <div className="address">
          <div className="gov-form-input" data-size="m">
            <div className="element" data-invalid={error ? true : undefined}>
              <Icon of={pin} size={18} />
              <input
                {...box.getInputProps({ onBlur, onChange: event => typed((event.target as HTMLInputElement).value) })}
                {...control}
                aria-labelledby={undefined}
                aria-required
                autoComplete="off"
              />
            </div>
          </div>
          <ul {...box.getMenuProps({ 'aria-label': label, 'aria-labelledby': undefined })} className="address-list" hidden={!isOpen}>
            {isOpen && found.map((item, index) => (
              <li key={item.code} {...box.getItemProps({ item, index })} data-active={box.highlightedIndex === index || undefined}>{item.text}</li>
            ))}
          </ul>
          <p role="status" className="small soft address-state">
            {isOpen ? <span className="visually-hidden">{t.found(found.length)}</span>
              : value.address_code ? <><Icon of={check} size={14} className="good" /> {t.fromList}</>
              : value.text.length > QUERY_MIN ? t.typed : null}
          </p>
        </div>
      )}
    </Field>
  )
}

interface Found {
  code: string
  text: string
}

function useAddresses(text: string): readonly Found[] {
  const city = useCity()
  const query = useDeferredValue(text.trim())
  const found = useQuery({
    queryKey: ['addresses', city.slug, query],
    queryFn: () => ask(api.GET('/v1/cities/{city}/addresses', { params: { path: { city: city.slug }, query: { query } } })),
    enabled: query.length >= QUERY_MIN,
    placeholderData: previous => previous,
  })
  return query.length >= QUERY_MIN ? (found.data?.items ?? []) : []
}
