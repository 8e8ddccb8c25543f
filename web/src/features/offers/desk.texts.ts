import { useWhose } from '@/lib/whose'
import { texts, useTexts } from '@/lib/texts'
import { offerTexts } from './texts'

/** What is said otherwise where an assistant orders for somebody at the desk. */
const deskTexts = texts({
  cs: {
    ...offerTexts.cs,
    creditTitle: 'Kredit',
    rest: 'Doplatí se poskytovateli',
    holdNote: 'Objednávejte, jen když je žadatel u přepážky a souhlasí. Kredit a místo podržíme. Když poskytovatel objednávku odmítne nebo včas nepotvrdí, oboje se vrátí.',
    creditHeld: sum => `Kredit ${sum} drží objednávky`,
    noCredit: 'Na tuto aktivitu teď žadatel nemá kredit',
    noCreditWhy: 'Kredit vznikne schválením žádosti v některém programu.',
    programmes: 'Podat žádost',
    orderedWhy: day => `Poskytovatel odpoví nejpozději ${day}. Výsledek uvidíte v objednávkách žadatele.`,
    ordersLead: 'Co je objednáno na kredit. Každé otevření, objednávka i zrušení se zapisuje.',
    noOrders: 'Zatím tu není žádná objednávka',
    noOrdersWhy: 'Vyberte aktivitu a zaplaťte ji kreditem žadatele.',
    sentences: { ...offerTexts.cs.sentences, confirmed: day => `Místo je potvrzené. Začátek ${day}.` },
  },
  en: {
    ...offerTexts.en,
    creditTitle: 'Credit',
    rest: 'To be paid to the provider',
    holdNote: 'Order only while the applicant is at the desk and agrees. We hold the credit and the place. If the provider rejects the order or does not confirm in time, both come back.',
    creditHeld: sum => `Orders hold ${sum} of credit`,
    noCredit: 'The applicant has no credit for this activity now',
    noCreditWhy: 'Credit comes when an application in a programme is approved.',
    programmes: 'Apply',
    orderedWhy: day => `The provider answers by ${day}. You will see the outcome among the applicant’s orders.`,
    ordersLead: 'What is ordered on credit. Each opening, order and cancellation is noted.',
    noOrders: 'There is no order yet',
    noOrdersWhy: 'Choose an activity and pay for it with the applicant’s credit.',
    sentences: { ...offerTexts.en.sentences, confirmed: day => `The place is confirmed. It begins on ${day}.` },
  },
} satisfies typeof offerTexts)

export function useOfferTexts() {
  return useTexts(useWhose().person ? deskTexts : offerTexts)
}
