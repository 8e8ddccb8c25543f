import { texts } from '@/lib/texts'

/** The town's side: who accepts contributions, and where their money goes. */
export const townTexts = texts({
  cs: {
    heading: 'Poskytovatelé',
    lead: 'Kdo přijímá příspěvky, za jakých podmínek a kam se mu platí.',
    views: 'Pohledy na poskytovatele', toDo: 'Čeká na město', active: 'Aktivní', all: 'Všichni',
    search: 'Název nebo IČO', state: 'Stav', allStates: 'Všechny stavy',
    name: 'Název', form: 'Forma', waits: 'Čeká', account: 'Účet',
    accountChange: 'Změna účtu', approval: 'Účast v programu', nothing: 'Nic',
    none: 'Zatím tu nikdo není', noneWhy: 'Poskytovatelé se registrují na veřejném webu. Jakmile o účast požádají, uvidíte je tady.',
    noneToDo: 'Nikdo na město nečeká', noneToDoWhy: 'Nové žádosti o účast a změny účtu se objeví tady.',

    about: 'Organizace', seat: 'Sídlo', contact: 'Kontakt', registered: 'Registrace', vat: 'DPH', categories: 'Zaměření',
    owed: 'K výplatě',
    branches: 'Provozovny', noBranches: 'Bez provozovny', people: 'Lidé', noPeople: 'Pozvánku zatím nikdo nepřijal.',

    parts: 'Účast v programech', noParts: 'O účast zatím nepožádal.', asked: 'Požádáno', agreement: 'Smlouva', published: 'zveřejněná', toPublish: 'čeká na zveřejnění v registru smluv',
    approve: 'Schválit účast', approveTitle: (programme: string) => `Schválit účast: ${programme}`,
    reference: 'Číslo smlouvy', referenceNeeded: 'Doplňte číslo smlouvy, například SML/2026/14.', signedOn: 'Podepsaná dne', dayNeeded: 'Doplňte den.',
    mustBePublished: 'Smlouva se musí zveřejnit v registru smluv', mustBePublishedHint: 'Platí až zveřejněním. Poskytovatel do té doby čeká.',
    publishedOn: 'Zveřejněná dne', approveEffect: 'Poskytovatel začne přijímat příspěvky a uvidí ho občané. Schválí se i jeho první účet.',
    approved: 'Účast je schválená.', signed: 'Smlouva je zapsaná, účast čeká na zveřejnění.',
    publish: 'Zapsat zveřejnění', publishTitle: 'Zveřejnění v registru smluv', publishedToast: 'Zveřejnění je zapsané, účast platí.',
    verbs: { decline: 'Nevyhovět', suspend: 'Pozastavit účast', resume: 'Obnovit účast', end: 'Ukončit účast' },
    moved: 'Účast se změnila, poskytovatel dostal zprávu.',
    reason: 'Důvod', reasonHint: 'Poskytovatel ho dostane ve zprávě.', reasonNeeded: 'Napište důvod, poskytovatel ho uvidí.',
    keep: 'Ponechat', cancel: 'Zpět',

    accounts: 'Bankovní účty', noAccounts: 'Účet zatím není.', version: (n: number) => `verze ${n}`, inUse: 'používá se',
    entered: (name: string, when: string) => `zadáno ${when}${name ? `, ${name}` : ''}`, decided: (name: string) => `rozhodnutí: ${name}`,
    pendingTitle: 'Nový účet čeká na schválení', pendingWhy: 'Výplaty stojí. Ověřte účet jiným způsobem než e-mailem, třeba telefonem na známé číslo.',
    present: 'Dosavadní účet', fresh: 'Nový účet', noPresent: 'žádný',
    approveAccount: 'Schválit nový účet', refuseAccount: 'Neschválit', accountApproved: 'Nový účet platí, výplaty pokračují.', accountRefused: 'Nový účet neplatí, výplaty jdou na dosavadní.',
    refuseTitle: 'Neschválit nový účet?', refuseEffect: 'Výplaty půjdou dál na dosavadní účet. Poskytovatel dostane zprávu.',

    payouts: 'Výplaty', payoutsGo: 'Výplaty běží.', holdPayouts: 'Pozastavit výplaty', holdTitle: 'Pozastavit výplaty?', holdEffect: 'Co je k výplatě, počká, dokud výplaty neuvolníte.',
    releasePayouts: 'Uvolnit výplaty', held: 'Výplaty stojí.', released: 'Výplaty pokračují.',
    markVat: 'Zapsat nespolehlivého plátce DPH', markTitle: 'Nespolehlivý plátce DPH', markSince: 'Podle registru od', markEffect: 'Výplaty počkají na druhou kontrolu.',
    marked: 'Označení je zapsané, výplaty stojí.', vatMark: (since: string) => `Nespolehlivý plátce DPH od ${since}.`, vatPassed: (since: string) => `Nespolehlivý plátce DPH od ${since}, výplaty uvolnila druhá osoba.`,
    passVat: 'Uvolnit po kontrole', unmarkVat: 'Zrušit označení', vatReleased: 'Výplaty pokračují.', unmarked: 'Označení je zrušené.',

    suspend: 'Pozastavit poskytovatele', suspendTitle: 'Pozastavit poskytovatele?', suspendEffect: 'V žádném programu nepřijme příspěvek a výplaty se zastaví.', suspended: 'Poskytovatel je pozastavený.',
    resume: 'Obnovit poskytovatele', resumeTitle: 'Obnovit poskytovatele?', resumeEffect: 'Znovu bude přijímat příspěvky a výplaty poběží.', resumed: 'Poskytovatel je zase aktivní.',
    end: 'Ukončit spolupráci', endTitle: 'Ukončit spolupráci?', endEffect: 'Poskytovatel skončí ve všech programech. Co je k výplatě, dostane.', ended: 'Spolupráce je ukončená.',

    history: 'Historie',
    events: {
      signed_up: 'Registrace', amended: 'Změna údajů', branch_added: 'Přidaná provozovna', branch_amended: 'Upravená provozovna', branch_closed: 'Zavřená provozovna',
      account_changed: 'Zadaný nový účet', account_approved: 'Schválený účet', account_refused: 'Neschválený účet', asked_to_join: 'Žádost o účast',
      part_approved: 'Schválená účast', part_declined: 'Nevyhověno žádosti o účast', part_suspended: 'Pozastavená účast', part_active: 'Obnovená účast', part_ended: 'Ukončená účast',
      suspended: 'Pozastavený poskytovatel', active: 'Obnovený poskytovatel', ended: 'Ukončená spolupráce', payouts_held: 'Pozastavené výplaty', payouts_released: 'Uvolněné výplaty',
      vat_marked: 'Označení nespolehlivého plátce', vat_unmarked: 'Zrušené označení', vat_mark_passed: 'Výplaty uvolněné po kontrole',
    } as Record<string, string>,
  },
  en: {
    heading: 'Providers',
    lead: 'Who accepts contributions, on what terms, and where they are paid.',
    views: 'Views of providers', toDo: 'Wait for the town', active: 'Active', all: 'All',
    search: 'Name or company number', state: 'State', allStates: 'All states',
    name: 'Name', form: 'Form', waits: 'Waits', account: 'Account',
    accountChange: 'Change of account', approval: 'Part in a programme', nothing: 'Nothing',
    none: 'Nobody is here yet', noneWhy: 'Providers sign up on the public site. You see them here once they ask to join.',
    noneToDo: 'Nobody waits for the town', noneToDoWhy: 'New requests to join and changes of account appear here.',

    about: 'Organisation', seat: 'Seat', contact: 'Contact', registered: 'Registered', vat: 'VAT', categories: 'Subjects',
    owed: 'To be paid',
    branches: 'Branches', noBranches: 'No branch', people: 'People', noPeople: 'Nobody has accepted the invitation yet.',

    parts: 'Part in programmes', noParts: 'It has not asked to join yet.', asked: 'Asked', agreement: 'Agreement', published: 'published', toPublish: 'waits for the register of contracts',
    approve: 'Approve', approveTitle: (programme: string) => `Approve the part in: ${programme}`,
    reference: 'Number of the agreement', referenceNeeded: 'Add the number, such as SML/2026/14.', signedOn: 'Signed on', dayNeeded: 'Add the day.',
    mustBePublished: 'The agreement must be published in the register of contracts', mustBePublishedHint: 'It takes effect by publication. The provider waits until then.',
    publishedOn: 'Published on', approveEffect: 'The provider begins to accept contributions and citizens see it. Its first account is approved too.',
    approved: 'The part is approved.', signed: 'The agreement is noted; the part waits for publication.',
    publish: 'Note the publication', publishTitle: 'Publication in the register of contracts', publishedToast: 'The publication is noted; the part is in effect.',
    verbs: { decline: 'Decline', suspend: 'Suspend the part', resume: 'Resume the part', end: 'End the part' },
    moved: 'The part has changed and the provider is told.',
    reason: 'Reason', reasonHint: 'The provider gets it in a message.', reasonNeeded: 'Write the reason: the provider will see it.',
    keep: 'Keep', cancel: 'Back',

    accounts: 'Bank accounts', noAccounts: 'There is no account yet.', version: (n: number) => `version ${n}`, inUse: 'in use',
    entered: (name: string, when: string) => `entered ${when}${name ? `, ${name}` : ''}`, decided: (name: string) => `decided by ${name}`,
    pendingTitle: 'A new account waits for approval', pendingWhy: 'Payouts wait. Verify the account by another way than e-mail, such as a known telephone number.',
    present: 'Present account', fresh: 'New account', noPresent: 'none',
    approveAccount: 'Approve the new account', refuseAccount: 'Do not approve', accountApproved: 'The new account is in use and payouts go on.', accountRefused: 'The new account is not used; payouts go to the present one.',
    refuseTitle: 'Refuse the new account?', refuseEffect: 'Payouts keep going to the present account. The provider is told.',

    payouts: 'Payouts', payoutsGo: 'Payouts go on.', holdPayouts: 'Hold payouts', holdTitle: 'Hold payouts?', holdEffect: 'What is owed waits until you release it.',
    releasePayouts: 'Release payouts', held: 'Payouts wait.', released: 'Payouts go on.',
    markVat: 'Note an unreliable VAT payer', markTitle: 'Unreliable VAT payer', markSince: 'By the register since', markEffect: 'Payouts wait for a second look.',
    marked: 'The mark is noted and payouts wait.', vatMark: (since: string) => `Unreliable VAT payer since ${since}.`, vatPassed: (since: string) => `Unreliable VAT payer since ${since}; a second person released payouts.`,
    passVat: 'Release after a look', unmarkVat: 'Remove the mark', vatReleased: 'Payouts go on.', unmarked: 'The mark is removed.',

    suspend: 'Suspend the provider', suspendTitle: 'Suspend the provider?', suspendEffect: 'It accepts no contribution in any programme and payouts wait.', suspended: 'The provider is suspended.',
    resume: 'Resume the provider', resumeTitle: 'Resume the provider?', resumeEffect: 'It accepts contributions again and payouts go on.', resumed: 'The provider is active again.',
    end: 'End the work together', endTitle: 'End the work together?', endEffect: 'The provider ends in all programmes. What is owed will be paid.', ended: 'The work together has ended.',

    history: 'History',
    events: {
      signed_up: 'Signed up', amended: 'Data changed', branch_added: 'Branch added', branch_amended: 'Branch changed', branch_closed: 'Branch closed',
      account_changed: 'New account entered', account_approved: 'Account approved', account_refused: 'Account refused', asked_to_join: 'Asked to join',
      part_approved: 'Part approved', part_declined: 'Part declined', part_suspended: 'Part suspended', part_active: 'Part resumed', part_ended: 'Part ended',
      suspended: 'Provider suspended', active: 'Provider resumed', ended: 'Work together ended', payouts_held: 'Payouts held', payouts_released: 'Payouts released',
      vat_marked: 'Marked as an unreliable payer', vat_unmarked: 'Mark removed', vat_mark_passed: 'Payouts released after a look',
    } as Record<string, string>,
  },
})
