/** How names are compared: pure, so that it is tested. */

/** Text as the town compares names: accents, case and hyphens set aside. */
export const folded = (text: string) => text.normalize('NFKD').replace(/\p{M}/gu, '').replace(/[^\p{L}\p{N}]+/gu, ' ').trim().toLowerCase()

/** Whether the registry's spelling differs from the form's only in accents, case or hyphens. */
export const isSpellingOnly = (typed: string, registered: string) => typed !== registered && folded(typed) === folded(registered)
