import { texts } from '@/lib/texts'

export const messageTexts = texts({
  cs: {
    heading: 'Zprávy',
    lead: 'Všechno, co vám město oznámilo. Stejné zprávy ohlašujeme e-mailem.',
    none: 'Zatím tu žádná zpráva není',
    noneWhy: 'Objeví se tu ověření účtu, výsledek žádosti nebo blížící se lhůta.',
    unread: 'Nepřečtená',
    older: 'Starší zprávy',
    toMessages: 'Zprávy',
    gone: 'Tato zpráva tu není',
    back: 'Zpět na zprávy',
    channel: { email: 'Upozornění šlo e-mailem', sms: 'Upozornění šlo v SMS', inbox: 'Jen v této schránce' },
    to: 'Zprávy pro tuto osobu',
    noneTo: 'Město této osobě zatím nic neposlalo',
  },
  en: {
    heading: 'Messages',
    lead: 'Everything the town has told you. We announce the same messages by e-mail.',
    none: 'There is no message yet',
    noneWhy: 'Verification, the outcome of an application or a coming deadline will show here.',
    unread: 'Unread',
    older: 'Older messages',
    toMessages: 'Messages',
    gone: 'This message is not here',
    back: 'Back to messages',
    channel: { email: 'Announced by e-mail', sms: 'Announced by a text message', inbox: 'Only in this inbox' },
    to: 'Messages to this person',
    noneTo: 'The town has sent this person nothing yet',
  },
})
