import { texts } from '@/lib/texts'

/** Apart from the rest of the home's texts: every app asks which town, and none should carry the home for it. */
export const townsTexts = texts({
  cs: {
    heading: 'Vyberte své město',
    lead: 'Každé město má vlastní programy a pravidla.',
    none: 'Zatím tu není žádné město',
    noneWhy: 'Města se objeví, jakmile je provozovatel založí.',
  },
  en: {
    heading: 'Choose your town',
    lead: 'Each town has its own programmes and rules.',
    none: 'There is no town here yet',
    noneWhy: 'Towns appear once the operator sets them up.',
  },
})
