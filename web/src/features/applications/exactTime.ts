import { ZONE } from '@/lib/format'
import type { Language } from '@/lib/texts'

/** A day and a time to the second: where the order of receipt decides, seconds matter. */
export const exactTime = (when: string, language: Language) =>
  new Intl.DateTimeFormat(language === 'cs' ? 'cs-CZ' : 'en-GB', { dateStyle: 'medium', timeStyle: 'medium', timeZone: ZONE }).format(new Date(when))
