"""The programmes of both towns as rules, each with its shape. Pure; every date counts from the demo day."""

from dataclasses import dataclass
from datetime import date, timedelta

from chalicelib.money.programmes.model import BudgetCoordinates, Rules, WhoMay, Words
from localcloud.demo.towns import MODRINOV, MODRINOV_CODE, PODLESI, PODLESI_PART

NEVER_PUBLISHED = 10_000


@dataclass(frozen=True)
class DemoProgramme:
    """A programme with its budget and the day of its publishing, in days before the demo day."""

    key: str
    city: str
    rules: Rules
    budget_minor: int
    published_before: int = NEVER_PUBLISHED

    @property
    def is_draft(self) -> bool:
        return self.published_before == NEVER_PUBLISHED


def _crowns(*amounts: int) -> tuple[int, ...]:
    return tuple(100 * amount for amount in amounts)


def _said(day: date) -> str:
    return f"{day.day}.\u00a0{day.month}.\u00a0{day.year}"


def programmes(day: date) -> tuple[DemoProgramme, ...]:
    """All of them, drafts too."""

    def on(days: int) -> date:
        return day + timedelta(days=days)

    here = (MODRINOV_CODE,)
    school_year = date(day.year if (day.month, day.day) >= (9, 1) else day.year - 1, 9, 1)
    child_from = school_year.replace(year=school_year.year - 18)
    first_graders = (
        school_year.replace(year=school_year.year - 8, month=9),
        school_year.replace(year=school_year.year - 6) - timedelta(days=1),
    )

    def made(
        key: str,
        city: str,
        budget: int,
        published_before: int,
        *,
        name: tuple[str, str],
        purpose: tuple[str, str],
        text: str,
        **rules: object,
    ) -> DemoProgramme:
        number = (
            f"{(day.year % 100)}/{4 + len(made_so_far)}/RM"
            if city == MODRINOV
            else f"UR {120 + len(made_so_far)}/{day.year}"
        )
        whole = Rules(
            name=Words(*name),
            purpose=Words(*purpose),
            text=Words(text),
            legal_basis="zákon č. 128/2000 Sb., o obcích, § 2 odst. 2 a § 35 odst. 2",
            legal_regime="other" if city == MODRINOV else "subsidy",
            resolution_number=number,
            resolution_on=on(-min(published_before, 30) - 20),
            **rules,  # type: ignore[arg-type]
        )
        found = DemoProgramme(key, city, whole, 100 * budget, published_before)
        made_so_far.append(found)
        return found

    made_so_far: list[DemoProgramme] = []
    made(
        "pohyb",
        MODRINOV,
        400_000,
        62,
        name=("Modřínov v pohybu", "Modřínov on the Move"),
        purpose=("Pravidelný sport a kroužky dětí.", "Regular sport and clubs for children."),
        text=(
            f"Přispíváme dětem na pravidelný sport a kroužky. Každé dítě narozené od {_said(child_from)} do dne podání, které má "
            "trvalý pobyt v Modřínově, může jednou za školní rok získat 800 Kč. Peníze přijdou ve dvou dílech po 400 Kč, takže je "
            "využijete i u levnější aktivity. Vyberte si v nabídce zapojených oddílů a kroužků; co je nad příspěvek, doplatíte přímo "
            "poskytovateli. Každý díl je třeba uplatnit do 60 dnů od schválení, nejpozději do konce programu. Co nevyužijete, "
            "dostanou další v pořadí. Na příspěvek není právní nárok."
        ),
        topic="sport",
        mode="credit",
        denominations_minor=_crowns(400, 400),
        applications_from=on(-60),
        applications_to=on(30),
        spending_from=on(-60),
        spending_to=on(90),
        days_to_spend=60,
        order_confirm_days=7,
        payable_on="start",
        coordinates=BudgetCoordinates("3419", "5222", "OSK", "0126"),
        who=WhoMay(
            born_from=child_from,
            residence_codes=here,
            residence_kinds=("permanent_residence", "temporary_protection"),
        ),
        categories=("sport", "art", "music", "language", "science", "scouting", "swimming"),
        second_proof=True,
    )
    made(
        "plavenka",
        MODRINOV,
        150_000,
        102,
        name=("Plavenka 60+", "Swimming 60+"),
        purpose=(
            "Plavání, sauna, kino a výstavy pro starší.",
            "Swimming, sauna, cinema and exhibitions for the elderly.",
        ),
        text=(
            "Je vám šedesát nebo více a máte trvalý pobyt v Modřínově? Získejte poukaz 500 Kč na plavání, saunu, kino nebo výstavu. "
            "Ukážete ho vytištěný nebo v mobilu a pokladna odečte, kolik právě stojí vstup; zbytek zůstává na příště. S přihlášením "
            "a tiskem vám pomůžeme v infocentru na náměstí a v knihovně, stačí občanský průkaz."
        ),
        topic="culture",
        mode="voucher",
        denominations_minor=_crowns(500),
        applications_from=on(-100),
        applications_to=on(60),
        spending_from=on(-100),
        spending_to=on(120),
        coordinates=BudgetCoordinates("4359", "5213", "OSV", "0127"),
        who=WhoMay(age_min=60, residence_codes=here),
        second_proof=True,
    )
    made(
        "cteme",
        MODRINOV,
        90_000,
        92,
        name=("Čteme doma", "Reading at Home"),
        purpose=("Knížka do ruky místo telefonu.", "A book in the hand instead of a telephone."),
        text=(
            f"Knížka do ruky místo telefonu. Děti narozené od {_said(on(-365 * 11))} do {_said(on(-365 * 3))} dostanou poukaz 300 Kč na dětskou "
            "knihu v místních knihkupectvích. Poukaz je jednorázový a nepřenosný, platí na nákup od 150 Kč; je-li kniha levnější než "
            "poukaz, zbytek se vrací do programu."
        ),
        topic="culture",
        mode="voucher",
        denominations_minor=_crowns(300),
        applications_from=on(-90),
        applications_to=on(30),
        spending_from=on(-90),
        spending_to=on(45),
        days_to_spend=45,
        min_price_minor=15_000,
        remainder="returns",
        single_use=True,
        coordinates=BudgetCoordinates("3314", "5213", "OSK", "0128"),
        who=WhoMay(
            born_from=on(-365 * 11),
            born_to=on(-365 * 3),
            residence_codes=here,
            residence_kinds=("permanent_residence", "temporary_protection"),
        ),
    )
    made(
        "pastelkovne",
        MODRINOV,
        60_000,
        122,
        name=("Pastelkovné", "Crayon Money"),
        purpose=("Školní potřeby pro prvňáky.", "School supplies for first-graders."),
        text=(
            "Prvňákům přispějeme 1 000 Kč na pastelky, přezůvky a další vybavení: dva poukazy po 500 Kč. Rozhoduje seznam školy, takže "
            "dítě s odkladem nárok má a předškolák, kterému je šest, ještě ne."
        ),
        topic="education",
        mode="voucher",
        denominations_minor=_crowns(500, 500),
        applications_from=on(-120),
        applications_to=on(-40),
        spending_from=on(-120),
        spending_to=on(20),
        days_to_spend=60,
        coordinates=BudgetCoordinates("3113", "5213", "OSK", "0129"),
        who=WhoMay(born_from=first_graders[0], born_to=first_graders[1], residence_codes=here),
    )
    made(
        "tabory",
        MODRINOV,
        40_000,
        242,
        name=("Letní tábory", "Summer Camps"),
        purpose=("Příspěvek na letní tábor.", "A contribution to a summer camp."),
        text=(
            "Na tábor v době prázdnin přispějeme dítěti 1 000 Kč. Tábor musí trvat aspoň čtyři dny po sobě. Zbytek ceny doplatíte "
            "pořadateli."
        ),
        topic="education",
        mode="credit",
        denominations_minor=_crowns(1000),
        applications_from=on(-240),
        applications_to=on(-170),
        spending_from=on(-240),
        spending_to=on(-75),
        categories=("camp",),
        coordinates=BudgetCoordinates("3421", "5222", "OSK", "0130"),
        who=WhoMay(age_min=4, age_max=17, residence_codes=here),
    )
    made(
        "losem",
        PODLESI,
        96_000,
        22,
        name=("Plavenky losem", "Swimming by Lot"),
        purpose=("Permanentky na bazén pro starší obyvatele Podlesí.", "Pool passes for older residents of Podlesí."),
        text=(
            f"Pro obyvatele Podlesí od 60 let je připraveno 120 permanentek na bazén v ceně 800 Kč. Žádosti přijímáme do {_said(on(5))}. "
            "Pak mezi žádostmi, které splní podmínky, losujeme; číslo, ze kterého se losuje, zveřejníme předem. Součástí žádosti je "
            "návrh veřejnoprávní smlouvy."
        ),
        topic="sport",
        mode="voucher",
        denominations_minor=_crowns(800),
        applications_from=on(-20),
        applications_to=on(5),
        spending_from=on(6),
        spending_to=on(95),
        waiting_list=True,
        coordinates=BudgetCoordinates("3412", "5213", "OSV", "2041"),
        who=WhoMay(age_min=60, residence_codes=(PODLESI_PART,)),
    )
    made(
        "podlesi",
        PODLESI,
        32_800,
        82,
        name=("Volný čas v Podlesí", "Free Time in Podlesí"),
        purpose=("Vstupy do zařízení městské části pro děti.", "Entries to the city part's facilities for children."),
        text=(
            "Dítě s trvalým pobytem v Podlesí dostane čtyři jednorázové poukazy po 200 Kč. Platí v pěti zařízeních městské části: "
            "v bazénu, na hřišti, v knihovně, v domě dětí a ve sportovní hale. Součástí žádosti je návrh veřejnoprávní smlouvy."
        ),
        topic="sport",
        mode="voucher",
        denominations_minor=_crowns(200, 200, 200, 200),
        applications_from=on(-80),
        applications_to=on(10),
        spending_from=on(-80),
        spending_to=on(40),
        days_to_spend=40,
        single_use=True,
        remainder="returns",
        coordinates=BudgetCoordinates("3421", "5331", "OSK", "2042"),
        who=WhoMay(age_max=17, residence_codes=(PODLESI_PART,)),
    )
    made(
        "zahrada",
        MODRINOV,
        60_000,
        52,
        name=("Zahrada za oknem", "A Garden behind the Window"),
        purpose=("Květiny do oken a na balkony.", "Flowers for windows and balconies."),
        text=(
            "Aby bylo v Modřínově hezky, přispějeme každé domácnosti poukazem 400 Kč na květiny a sazenice u místních zahradníků. "
            "O poukaz žádá jeden člen domácnosti."
        ),
        topic="home",
        mode="voucher",
        denominations_minor=_crowns(400),
        applications_from=on(-50),
        applications_to=on(20),
        spending_from=on(-50),
        spending_to=on(60),
        days_to_spend=30,
        coordinates=BudgetCoordinates("3745", "5213", "OZP", "0131"),
        who=WhoMay(age_min=18, residence_codes=here, one_per_household=True),
    )
    made(
        "pomucky",
        MODRINOV,
        30_000,
        42,
        name=("Zdravotní pomůcky 70+", "Medical Aids 70+"),
        purpose=(
            "Hole, chodítka, tlakoměry a další pomůcky.",
            "Walking sticks, frames, blood-pressure meters and other aids.",
        ),
        text=(
            "Obyvatelům od 70 let přispějeme 1 500 Kč na zdravotní pomůcku, kterou nehradí pojišťovna. K žádosti přiložte doporučení "
            "lékaře. Žádost posuzují dva lidé."
        ),
        topic="health",
        mode="voucher",
        denominations_minor=_crowns(1500),
        applications_from=on(-40),
        applications_to=on(30),
        spending_from=on(-40),
        spending_to=on(80),
        documents=Words("Doporučení lékaře.", "A doctor's recommendation."),
        coordinates=BudgetCoordinates("3549", "5213", "OSV", "0132"),
        who=WhoMay(age_min=70, residence_codes=here),
        second_proof=True,
    )
    made(
        "zkouska",
        MODRINOV,
        50_000,
        NEVER_PUBLISHED,
        name=("Za zkoušku to stojí", "Worth the Exam"),
        purpose=("Jazykový certifikát pro mladé.", "A language certificate for the young."),
        text=(
            "Složte jazykovou zkoušku, zaplaťte ji a pošlete nám certifikát a doklad o platbě. Vrátíme vám až 2 000 Kč na účet. "
            "Koncept, město ho ještě neschválilo."
        ),
        topic="education",
        mode="credit",
        denominations_minor=_crowns(2000),
        applications_from=on(30),
        applications_to=on(90),
        spending_from=on(30),
        spending_to=on(150),
        documents=Words("Certifikát a doklad o platbě.", "The certificate and the receipt."),
        coordinates=BudgetCoordinates("3299", "5493", "OSK", "0133"),
        who=WhoMay(age_min=15, age_max=26, residence_codes=here),
    )
    made(
        "cteme_jaro",
        MODRINOV,
        90_000,
        NEVER_PUBLISHED,
        name=("Čteme doma na jaře", "Reading at Home in Spring"),
        purpose=("Knížka do ruky místo telefonu.", "A book in the hand instead of a telephone."),
        text=(
            f"Děti dostanou poukaz 300 Kč na dětskou knihu. O poukaz požádejte do {_said(on(120))}, uplatnit ho jde do {_said(on(150))}."
        ),
        topic="culture",
        mode="voucher",
        denominations_minor=_crowns(300),
        applications_from=on(60),
        applications_to=on(110),
        spending_from=on(60),
        spending_to=on(150),
        days_to_spend=45,
        min_price_minor=15_000,
        remainder="returns",
        single_use=True,
        coordinates=BudgetCoordinates("3314", "5213", "OSK", "0128"),
        who=WhoMay(born_from=on(-365 * 11), born_to=on(-365 * 3), residence_codes=here),
    )
    return tuple(made_so_far)
