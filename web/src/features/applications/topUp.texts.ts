import { money } from '@/lib/format'
import { texts } from '@/lib/texts'

/** Words of adding to an award. */
export const topUpTexts = texts({
  cs: {
    title: 'Přiznaný příspěvek',
    part: (part: number, parts: number) => (parts > 1 ? `${part}. z ${parts}` : 'Příspěvek'),
    left: (left: number, total: number) => `zbývá ${money(left)} z ${money(total)}`,
    add: 'Přidat k příspěvku',
    which: 'Ke které části',
    amount: 'O kolik',
    amountHint: (free: number) => `V programu je volných ${money(free)}`,
    amountWrong: 'Napište částku v korunách, například 200',
    reason: 'Důvod', reasonHint: 'Občan ho uvidí ve zprávě', reasonMissing: 'Napište důvod, občan ho uvidí',
    send: 'Přidat',
    done: (amount: number) => `Příspěvek je vyšší o ${money(amount)}`,
  },
  en: {
    title: 'Awarded contribution',
    part: (part: number, parts: number) => (parts > 1 ? `${part} of ${parts}` : 'Contribution'),
    left: (left: number, total: number) => `${money(left)} left of ${money(total)}`,
    add: 'Add to the contribution',
    which: 'To which part',
    amount: 'How much',
    amountHint: (free: number) => `The programme has ${money(free)} left`,
    amountWrong: 'Write an amount in crowns, for example 200',
    reason: 'Reason', reasonHint: 'The citizen will see it in the message', reasonMissing: 'Write a reason, the citizen will see it',
    send: 'Add',
    done: (amount: number) => `The contribution is higher by ${money(amount)}`,
  },
})
