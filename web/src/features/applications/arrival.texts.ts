import { texts } from '@/lib/texts'

/** Words of a click-day, where the order of receipt decides. */
export const arrivalTexts = texts({
  cs: {
    arrived: (at: string) => `Žádost je přijatá ${at}`,
    arrivedText: 'O žádostech v tomto programu rozhoduje pořadí přijetí. Jakmile na vaši přijde, výsledek uvidíte tady a napíšeme vám; obvykle do několika minut. Přijetí ještě neznamená, že se na vás peníze dostanou.',
    receivedAt: 'Přijato',
    forClerk: 'Rozhoduje pořadí přijetí',
    forClerkText: (at: string) => `Přijato ${at}. Systém žádost posoudí sám, až na ni přijde řada. Kdyby k ní bylo potřeba vaše rozhodnutí, objeví se v pohledu K rozhodnutí.`,
  },
  en: {
    arrived: (at: string) => `The application was received on ${at}`,
    arrivedText: 'In this programme the order of receipt decides. Once it is your turn, you will see the outcome here and we will write to you; usually within minutes. Being received does not mean yet that the money will reach you.',
    receivedAt: 'Received',
    forClerk: 'The order of receipt decides',
    forClerkText: (at: string) => `Received on ${at}. The system decides it when its turn comes. Should your decision be needed, it appears in the view To decide.`,
  },
})
