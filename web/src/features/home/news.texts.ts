import { texts } from '@/lib/texts'

export const newsTexts = texts({
  cs: {
    heading: 'Novinky',
    lead: 'Co město otevřelo, co chystá a co končí.',
    opens: 'Žádosti přijímáme od', opened: 'Začal příjem žádostí', ends: 'Příjem žádostí končí', ended: 'Skončil příjem žádostí', spending: 'Příspěvek jde využít do',
    empty: 'Zatím tu nic není', emptyWhy: 'Jakmile město vyhlásí program, přečtete si o tom tady.',
  },
  en: {
    heading: 'News',
    lead: 'What the town has opened, prepares and closes.',
    opens: 'Applications from', opened: 'Applications opened', ends: 'Applications end', ended: 'Applications ended', spending: 'The contribution can be used until',
    empty: 'Nothing here yet', emptyWhy: 'As soon as the town announces a programme, you will read of it here.',
  },
})
