"""The awkward ones: people with fixed names, each showing one thing that goes wrong in real life. Pure."""

from collections.abc import Sequence
from datetime import date, timedelta

from chalicelib.core.clock import start_of
from chalicelib.town.people.model import birthday
from localcloud.demo.residents import Parent, Population
from localcloud.demo.towns import ELSEWHERE_CODE, MODRINOV, OFFICE_ADDRESS, PODLESI, Colleague, House, houses

FOREIGN_HOUSE = House("990090017", "Nová 17, Kamenná Lhota", ELSEWHERE_CODE)
LEAP_DAY = date(1984, 2, 29)


def awkward(made: Population, colleagues: Sequence[Colleague]) -> None:
    """Every case of the table, in its order."""
    _spelling(made)
    _lookalikes(made)
    _families(made)
    _addresses(made)
    _lines_of_rules(made)
    _registry_troubles(made)
    _two_accounts(made)
    _at_the_desk(made)
    _interests(made, colleagues)


def _years_ago(made: Population, years: int) -> date:
    return birthday(made.day, made.day.year - years)


def _spelling(made: Population) -> None:
    who = made.resident("Martin Dvořák", "M", made.aged(41, "dvorak"), made.house("modrinov"))
    made.account(who, MODRINOV, typed="Martin Dvorak", key="no_hacek")
    made.case("no_hacek", "příjmení bez háčku: ověřen, pravopis opraven podle registru", shown=True)

    who = made.resident("Jan Pavel Horáček", "M", made.aged(37, "horacek"), made.house("modrinov"))
    made.account(who, MODRINOV, typed="Pavel Jan Horáček", key="swapped_names")
    made.case("swapped_names", "jména v obráceném pořadí: ověřen")

    who = made.resident("Anna Marie Kosová", "F", made.aged(33, "kosova"), made.house("modrinov"))
    made.account(who, MODRINOV, typed="Anna Kosová", key="second_name_left_out")
    made.case("second_name_left_out", "druhé jméno vynechané: ověřena")

    who = made.resident(
        "Tereza Marková", "F", made.aged(29, "markova"), made.house("modrinov"), former_surnames=("Veselá",)
    )
    made.account(
        who, MODRINOV, typed="Tereza Veselá", key="former_surname", outcome="no_match", differs=("name",), proof=None
    )
    made.case("former_surname", "před měsícem se vdala, píše dřívější příjmení: neověřena, liší se jméno", shown=True)


def _lookalikes(made: Population) -> None:
    house = made.house("modrinov")
    father = made.resident("Karel Beneš", "M", made.aged(48, "benes"), house)
    son = made.resident("Karel Beneš", "M", made.aged(19, "benes ml"), house, parents=(Parent(father.registry_id),))
    made.account(father, MODRINOV, key="father_of_one_name")
    made.account(son, MODRINOV, key="son_of_one_name")
    made.case("father_of_one_name", "otec a syn stejného jména na jedné adrese: rozliší je datum narození")

    house = made.house("modrinov")
    mother = made.resident("Ivana Pokorná", "F", made.aged(36, "pokorna"), house)
    born = made.aged(9, "dvojčata")
    parents = (Parent(mother.registry_id),)
    twins = [made.resident(f"{name} Pokorná", "F", born, house, parents=parents) for name in ("Alena", "Elena")]
    account = made.account(mother, MODRINOV, key="twins")
    for twin in twins:
        account = made.entry(account, twin, key=f"twin_{twin.given_names}")
    made.case("twins", "dvojčata Alena a Elena: jedno datum narození, jména o písmeno", shown=True)

    born = made.aged(52, "novotny")
    here = made.resident("Josef Novotný", "M", born, made.house("modrinov"), birth_place="Modřínov")
    made.resident("Josef Novotný", "M", born, made.house("modrinov"), birth_place="Stará Huť")
    made.account(here, MODRINOV, key="two_of_one_name", outcome="ambiguous", proof=None)
    made.case("two_of_one_name", "dva lidé stejného jména a data narození: doplní místo narození", shown=True)


def _families(made: Population) -> None:
    house = made.house("modrinov")
    mother = made.resident("Lucie Kratochvílová", "F", made.aged(38, "kratochvilova"), house)
    father = made.resident("Petr Šimek", "M", made.aged(40, "simek"), house)
    both = (Parent(mother.registry_id), Parent(father.registry_id))
    child = made.resident("Adam Šimek", "M", made.aged(8, "adam"), house, parents=both)
    made.entry(made.account(mother, MODRINOV, key="other_surname"), child, key="other_surname_child")
    made.case(
        "other_surname", "dítě má příjmení druhého rodiče: vazbu dokázala evidence, doklad není třeba", shown=True
    )

    first = made.resident("Radek Doležal", "M", made.aged(42, "dolezal"), made.house("modrinov"))
    second = made.resident("Monika Doležalová", "F", made.aged(41, "dolezalova"), made.house("modrinov"))
    both = (Parent(first.registry_id), Parent(second.registry_id))
    child = made.resident(
        "Ema Doležalová",
        "F",
        made.aged(10, "ema"),
        first.house,
        parents=both,
        custody="shared",
        household=first.household,
    )
    made.entry(made.account(first, MODRINOV, key="shared_first"), child, key="shared_child")
    made.entry(made.account(second, MODRINOV, key="shared_second"), child, key="shared_child_again")
    made.case("shared_first", "střídavá péče: první rodič příspěvek získal")
    made.case("shared_second", "střídavá péče: druhý rodič vidí jen to, že příspěvek už je přiznaný", shown=True)

    house = made.house("modrinov")
    grandmother = made.resident("Božena Hájková", "F", made.aged(63, "hajkova"), house)
    child = made.resident("Filip Hájek", "M", made.aged(7, "filip"), house, custody="foster")
    made.entry(
        made.account(grandmother, MODRINOV, key="foster"),
        child,
        link="declared",
        not_proved=True,
        with_document=True,
        key="foster_child",
    )
    made.case("foster", "pěstounka, babička: vazba v registru není, nahrála rozsudek a čeká na úředníka", shown=True)

    house = made.house("modrinov")
    father = made.resident("Roman Sedlák", "M", made.aged(39, "sedlak"), made.house("modrinov"))
    mother = made.resident("Nikola Sedláková", "F", made.aged(37, "sedlakova"), house)
    parents = (Parent(mother.registry_id), Parent(father.registry_id, responsible=False))
    child = made.resident("Nela Sedláková", "F", made.aged(6, "nela"), house, parents=parents, custody="sole")
    made.entry(made.account(father, MODRINOV, key="deprived"), child, link="refused", key="deprived_child")
    made.case("deprived", "rodič zbavený rodičovské odpovědnosti: neutrální text, o dítěti nic", shown=True)


def _addresses(made: Population) -> None:
    office = next(houses("modrinov"))
    assert office.code == OFFICE_ADDRESS
    made.house("modrinov")
    who = made.resident("Zdeněk Říha", "M", made.aged(55, "riha"), office, official_address=True)
    made.account(who, MODRINOV, key="official_address", proof="desk")
    made.case("official_address", "bydliště na adrese úřadu: nárok má, dopis tam nejde")

    made.house("modrinov")
    who = made.resident(
        "Kateřina Zemanová", "F", made.aged(34, "zemanova"), FOREIGN_HOUSE, since=made.day - timedelta(days=5)
    )
    made.account(
        who,
        MODRINOV,
        address="Sokolská 431/7, Modřínov",
        address_code="",
        key="moved_away",
        outcome="match_not_resident",
    )
    made.case("moved_away", "před pěti dny se odstěhovala: přespolní, dřívější příspěvek podle pravidel", shown=True)

    who = made.resident("Ondřej Mareš", "M", made.aged(44, "mares"), made.house("stred"))
    made.account(who, PODLESI, key="next_city_part", outcome="match_not_resident")
    made.case("next_city_part", "bydlí ve Vranohradě-Středu, poštovní název je stejný: přespolní", shown=True)

    new_home = made.house("modrinov")
    who = made.resident("Šárka Bartošová", "F", made.aged(31, "bartosova"), FOREIGN_HOUSE)
    made.account(
        who,
        MODRINOV,
        address=new_home.text,
        address_code=new_home.code,
        key="moved_in",
        outcome="match_not_resident",
        recheck_at=start_of(made.day + timedelta(days=2)) + timedelta(hours=10),
        registered_at=start_of(made.day - timedelta(days=1)) + timedelta(hours=10),
    )
    made.case("moved_in", "včera se přistěhovala, v registru to ještě není: zeptáme se znovu za tři dny", shown=True)

    house = made.house("modrinov")
    mother = made.resident(
        "Oksana Kovalenko", "F", made.aged(35, "kovalenko"), house, kind="temporary_protection", citizenship="UA"
    )
    child = made.resident(
        "Danylo Kovalenko",
        "M",
        made.aged(8, "danylo"),
        house,
        kind="temporary_protection",
        citizenship="UA",
        parents=(Parent(mother.registry_id),),
    )
    made.entry(made.account(mother, MODRINOV, key="protection"), child, key="protection_child")
    made.case("protection", "rodina s dočasnou ochranou: nárok tam, kde to program říká", shown=True)

    who = made.resident("Thi Mai Nguyen", "F", made.aged(46, "nguyen"), made.house("modrinov"), citizenship="VN")
    made.account(who, MODRINOV, key="foreigner")
    made.case("foreigner", "cizinka bez českého rodného čísla: nikde ho nikdo nechce")

    house = made.house("modrinov")
    street, _, numbers = house.text.partition(",")[0].rpartition(" ")
    swapped = f"{street} {'/'.join(reversed(numbers.split('/')))}, Modřínov"
    who = made.resident("Vlastimil Urban", "M", made.aged(58, "urban"), house)
    made.account(who, MODRINOV, address=swapped, address_code="", key="swapped_numbers", differs=("address",))
    made.case("swapped_numbers", "přehozené číslo popisné a orientační: ověřen, adresa se liší")


def _lines_of_rules(made: Population) -> None:
    who = made.resident("Dana Kubátová", "F", LEAP_DAY, made.house("modrinov"))
    made.account(who, MODRINOV, key="leap_day")
    made.case("leap_day", "narozená 29. února")

    who = made.resident("Matěj Vlček", "M", _years_ago(made, 18), made.house("modrinov"))
    made.account(who, MODRINOV, key="eighteen_today")
    made.case("eighteen_today", "dnes je mu 18: poslední den, kdy se s ním počítá jako s dítětem, je za ním")

    who = made.resident("Jaroslava Tichá", "F", _years_ago(made, 60), made.house("modrinov"))
    made.account(who, MODRINOV, key="sixty_today")
    made.case("sixty_today", "dnes je jí 60: nárok na Plavenku vzniká dnes", shown=True)

    house = made.house("modrinov")
    mother = made.resident("Andrea Burešová", "F", made.aged(45, "buresova"), house)
    born = _years_ago(made, 18) + timedelta(days=1)
    child = made.resident("Eliška Burešová", "F", born, house, parents=(Parent(mother.registry_id),))
    made.entry(made.account(mother, MODRINOV, key="almost_eighteen"), child, key="almost_eighteen_child")
    made.case("almost_eighteen", "dceři bude 18 zítra: dnes ještě nárok má")


def _registry_troubles(made: Population) -> None:
    died_on = made.day - timedelta(days=20)
    who = made.resident("Miloslav Kříž", "M", made.aged(78, "kriz"), made.house("modrinov"), died_on=died_on)
    made.account(who, MODRINOV, key="deceased", outcome="deceased")
    made.case("deceased", "zemřel před dvaceti dny, zbyl mu kredit: příspěvek pozastaven, úkol pro úředníka")

    who = made.resident("Stanislav Holub", "M", made.aged(50, "holub"), made.house("modrinov"), questioned=True)
    made.account(who, MODRINOV, key="questioned", outcome="questioned", proof=None)
    made.case("questioned", "údaje v registru zpochybnil jiný úřad: úkol pro úředníka")

    who = made.resident("Pavla Říčařová", "F", made.aged(66, "ricarova"), made.house("podlesi"))
    made.account(who, PODLESI, key="registry_down", outcome="unavailable", proof=None)
    made.case("registry_down", "registr 40 minut neodpovídá: ptáme se znovu, žádost drží svůj čas", shown=True)


def _two_accounts(made: Population) -> None:
    who = made.resident("Jiří Machala", "M", made.aged(47, "machala"), made.house("modrinov"))
    made.account(who, MODRINOV, key="first_account")
    made.account(
        who,
        MODRINOV,
        key="second_account",
        email="machala.druhy@posta.example",
        outcome="no_match",
        duplicate=True,
        proof=None,
    )
    made.case("second_account", "druhý účet jednoho člověka s jiným e-mailem: neověří se, nabídne se první", shown=True)

    who = made.resident("Blanka Součková", "F", made.aged(64, "souckova"), made.house("modrinov"))
    made.account(who, MODRINOV, key="neighbour", email="soused.odvedle@posta.example", proof=None)
    made.account(who, MODRINOV, key="true_owner", outcome="no_match", duplicate=True, proof=None)
    made.case("neighbour", "soused se registroval pod cizím jménem: bez druhého důkazu peníze nedostane", shown=True)
    made.case("true_owner", "pravá Blanka Součková: její účet čeká, na přepážce ho získá zpět")


def _at_the_desk(made: Population) -> None:
    who = made.resident("Ludmila Hrubá", "F", made.aged(84, "hruba"), made.house("modrinov"))
    made.account(who, MODRINOV, key="no_email", email="", phone="", at_desk=True)
    made.case("no_email", "seniorka bez e-mailu a mobilu: vše zařídilo infocentrum, poukaz je vytištěný")

    house = made.house("modrinov")
    father = made.resident("Ctibor Vrána", "M", made.aged(58, "vrana"), house)
    child = made.resident("Rozálie Vránová", "F", made.aged(9, "rozalie"), house, parents=(Parent(father.registry_id),))
    account = made.account(father, MODRINOV, key="no_email_father", email="", phone="", at_desk=True)
    made.entry(account, child, key="no_email_child")
    made.case("no_email_father", "otec bez e-mailu: infocentrum pro dceru objednalo kroužek na kredit")


def _interests(made: Population, colleagues: Sequence[Colleague]) -> None:
    clerk = next(c for c in colleagues if c.city == MODRINOV and c.key == "clerk2")
    house = made.house("modrinov")
    mother = made.resident(clerk.name, "F", made.aged(37, "clerk"), house)
    child = made.resident("Matyáš Nováček", "M", made.aged(9, "matyas"), house, parents=(Parent(mother.registry_id),))
    account = made.account(mother, MODRINOV, key="clerk_parent", id=clerk.id, email=clerk.email)
    made.entry(account, child, key="clerk_child")
    made.case("clerk_parent", "referentka je zároveň matka žadatele: o své žádosti nerozhodne")

    house = made.house("modrinov")
    owner = made.resident("Richard Sova", "M", made.aged(43, "sova"), house)
    account = made.account(owner, MODRINOV, key="bookseller")
    for name, sex, age in (("Hugo Sova", "M", 6), ("Johana Sovová", "F", 8)):
        child = made.resident(name, sex, made.aged(age, name), house, parents=(Parent(owner.registry_id),))  # type: ignore[arg-type]
        account = made.entry(account, child, key="bookseller_child")
    made.case("bookseller", "knihkupec uplatňuje ve svém krámě poukazy vlastních dětí: varovný signál")
