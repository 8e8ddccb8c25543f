import { useMutation } from '@tanstack/react-query'
import download from '~icon/download'
import { settled, type Fetched } from '@/lib/api/client'
import { saveBlob } from '@/lib/csv'
import { useTexts } from '@/lib/texts'
import { Button } from './Button'
import { uiTexts } from './texts'

const FORMS = {
  csv: 'text/csv',
  xlsx: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
} as const
type Form = keyof typeof FORMS

/** What a call of the API needs to give a file: `api.GET('…/sheet', { params, ...as })`. */
interface As {
  headers: { Accept: string }
  parseAs: 'blob'
}

/** A table of the API to be saved, which the API writes as CSV or XLSX and names. */
export function useSheet(get: (as: As) => Promise<Fetched<Blob>>) {
  return useMutation({
    mutationFn: async (form: Form) => {
      const { data, response } = await settled(get({ headers: { Accept: FORMS[form] }, parseAs: 'blob' }))
      const name = /filename="([^"]+)"/.exec(response.headers.get('Content-Disposition') ?? '')?.[1] ?? `tabulka.${form}`
      saveBlob(name, data)
    },
  })
}

export function SheetButtons({ sheet }: { sheet: ReturnType<typeof useSheet> }) {
  const t = useTexts(uiTexts)
  const button = (form: Form, label: string) => (
    <Button icon={download} busy={sheet.isPending && sheet.variables === form} onClick={() => sheet.mutate(form)}>{label}</Button>
  )
  return <>{button('csv', t.downloadCsv)}{button('xlsx', t.downloadXlsx)}</>
}
