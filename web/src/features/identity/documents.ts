/** Kinds of documents that a clerk may have seen. */
import * as v from 'valibot'
import { useTexts } from '@/lib/texts'
import { adminTexts } from './admin.texts'
import { personTexts } from '@/lib/person.texts'

const DOCUMENTS = ['id_card', 'passport', 'residence_permit', 'birth_certificate', 'court_decision', 'other_official_document'] as const

/** „Vyberte" and every kind. */
export function useDocumentOptions() {
  const t = useTexts(adminTexts)
  const s = useTexts(personTexts)
  return [{ value: '', label: t.choose }, ...DOCUMENTS.map(value => ({ value, label: s.document[value] }))]
}

export const chosenDocument = (message: string) => v.picklist(DOCUMENTS, message)
