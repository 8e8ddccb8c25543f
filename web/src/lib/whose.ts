import { useParams } from 'wouter'

/** Whose matters a screen shows: one's own, or, at the desk, those of the person in the address; `at` begins its links. */
export function useWhose(): { person: string; at: string } {
  const { person = '' } = useParams<{ person?: string }>()
  return { person, at: person && `/lide/osoba/${person}` }
}
