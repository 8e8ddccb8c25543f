"""The twenty providers of Modřínov, the two of Podlesí, and their notes. Pure."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from chalicelib.core.clock import start_of
from chalicelib.money.providers.model import Branch, Category, LegalForm
from localcloud.demo.chance import made_id
from localcloud.demo.towns import MODRINOV, PODLESI


@dataclass(frozen=True)
class DemoProvider:
    """A provider with its owner, cashier and what the demo says of it. `takes` are keys of programmes."""

    id: str
    key: str
    city: str
    name: str
    legal_form: LegalForm
    ico: str
    account: str
    takes: tuple[str, ...]
    categories: tuple[Category, ...]
    about: str
    branches: tuple[Branch, ...]
    owner: str
    mail: str
    vat_payer: bool = False
    only_phone: bool = False
    tills: tuple[str, ...] = ()

    @property
    def owner_email(self) -> str:
        return f"majitel@{self.mail}.example"

    @property
    def cashier_email(self) -> str:
        return f"pokladna@{self.mail}.example"


_FORMS: dict[str, LegalForm] = {
    "spolek": "association",
    "pobočný": "branch_association",
    "firma": "company",
    "osvč": "sole_trader",
    "město": "town_organisation",
    "ústav": "institute",
}
# key | name | form | IČO | account | takes | categories | about | branches | owner | mail | tills
_TABLE = """
modrin|TJ Modřín, z. s.|spolek|80001009|6329508544/2700|pohyb tabory|sport camp|Sokolovna a hala: cvičení, florbal, atletika.|Sokolovna:Sokolská 1, Modřínov;Hala:Školní 12, Modřínov|Jaromír Vávra|tj-modrin|
fotbal|FK Modřínov, z. s.|spolek|80001378|7458476010/0800|pohyb tabory|sport camp|Fotbal od přípravky po dorost.|Stadion:Polní 40, Modřínov|Miloš Kadlec|fk-modrinov|
vydra|Plavecký klub Vydra, z. s.|spolek|80001742|6795794795/5500|pohyb tabory|swimming camp|Plavání pro děti od pěti let.|Bazén:Rybářská 3, Modřínov|Linda Tůmová|pk-vydra|
hvezda|Gymnastika Hvězda, z. s.|spolek|80002111|4445947166/2700|pohyb|sport|Gymnastika a cvičení s hudbou.|Tělocvična:Školní 12, Modřínov|Ivo Strnad|hvezda|
judo|Judo Podlesí, z. s.|spolek|80002480|1525263369/3030|pohyb|sport|Judo pro děti a mládež.|Dojo:Lesní 22, Vranohrad|Kamil Šmíd|judo-podlesi|
vir|Taneční studio Vír, s. r. o.|firma|80002854|8104446038/5500|pohyb tabory|art camp|Tanec, balet a pohybové divadlo.|Studio:Husova 18, Modřínov|Vendula Dušková|vir|
ddm|Dům dětí a mládeže Modřínov|město|80003222|3063209841/2010|pohyb tabory|art science camp|Kroužky pro každého.|Dům dětí:Zahradní 8, Modřínov|Zdena Vondrová|ddm-modrinov|
zus|ZUŠ Modřínov|město|80003591|5652592198/0600|pohyb|music art|Hudba, výtvarka, tanec a dramaťák.|Škola:Komenského 2, Modřínov|Arnošt Toman|zus-modrinov|
junak|Junák – středisko Rys, z. s.|pobočný|80003966|7979333197/5500|pohyb tabory|scouting camp|Skautské oddíly a letní tábory.|Klubovna:Luční 77, Modřínov|Štěpán Javor|rys|
kolarova|Hana Kolářová – keramika|osvč|80004334|6806176555/0100|pohyb|art|Keramická dílna pro děti.|Dílna:Krátká 5, Modřínov|Hana Kolářová|keramika-kolarova|
jazyky|Jazyky hrou, s. r. o.|firma|80004709|6915315999/3030|pohyb tabory|language camp|Angličtina a němčina hrou.|Učebna:Nádražní 14, Modřínov|Denis Horný|jazyky-hrou|
robotika|Robotika Modřínov, z. ú.|ústav|80005071|6325005798/3030|pohyb|science|Stavění a programování robotů.|Dílna:Hornická 9, Modřínov|Ota Zelenka|robotika|
bazen|Městský bazén Modřínov|město|80005446|8997575856/0600|plavenka|swimming|Krytý bazén, sauna a pára.|Bazén:Rybářská 3, Modřínov|Luděk Brož|bazen-modrinov|Pokladna 1;Pokladna 2;Sauna
kino|Kino Jiskra|město|80005811|9715642585/5500|plavenka|culture|Kino s kavárnou.|Kino:náměstí Míru 6, Modřínov|Dagmar Pilná|kino-jiskra|Tablet u vchodu
muzeum|Muzeum Modřínov|město|80006183|174-7752704280/0100|plavenka|culture|Stálá expozice a výstavy.|Muzeum:Havlíčkova 1, Modřínov|Vilém Kos|muzeum-modrinov|Pokladna muzea
sova|Knihkupectví U Sovy|osvč|80006558|8891809036/0600|cteme pastelkovne|books|Knihy pro děti i dospělé.|U Sovy:Husova 3, Modřínov|Richard Sova|u-sovy|Pult
horak|Knihy Horák, s. r. o.|firma|80006922|3176168011/0800|cteme|books|Knihy, hry a papír.|Knihy Horák:Palackého 20, Modřínov|Leoš Horák|knihy-horak|Pokladna
pastelka|Papírnictví Pastelka|osvč|80007295|9524631218/0300|pastelkovne|school_supplies|Školní a kancelářské potřeby.|Pastelka:Komenského 9, Modřínov|Milena Zachová|pastelka|Pult
jasan|Zahradnictví Jasan, s. r. o.|firma|80007660|190-5878947377/0800|zahrada|garden|Květiny, sazenice a dřeviny.|Zahradnictví:Dlouhá 101, Modřínov|Bohdan Jasan|zahradnictvi-jasan|Pokladna
lipa|Zdravotní potřeby Lípa, s. r. o.|firma|80008038|4803473854/3030|pomucky|health|Hole, chodítka, tlakoměry.|Prodejna:Lipová 4, Modřínov|Iva Lipská|lipa|
"""
_PODLESI = """
mc|Zařízení městské části Podlesí|město|80000029|9133558578/0800|podlesi losem|culture sport swimming|Pět zařízení městské části.|Bazén Podlesí:Studánková 2, Vranohrad;Hřiště Hájek:Hájová 30, Vranohrad;Knihovna:Podlesní 12, Vranohrad;Dům dětí:Lesní 8, Vranohrad;Sportovní hala:Buková 15, Vranohrad|Alois Borský|zarizeni-podlesi|Bazén;Hřiště;Knihovna;Dům dětí;Hala
judo|Judo Podlesí, z. s.|spolek|80002480|1525263369/3030|podlesi|sport|Judo pro děti a mládež.|Dojo:Lesní 22, Vranohrad|Kamil Šmíd|judo-podlesi|
"""
VAT_PAYERS = ("vir", "jazyky", "horak", "jasan", "lipa")


def providers(day: date) -> tuple[DemoProvider, ...]:
    """Everyone, in the order of the table."""
    return (*_read(_TABLE, MODRINOV, day), *_read(_PODLESI, PODLESI, day))


def _read(table: str, city: str, day: date) -> Iterator[DemoProvider]:
    made_at = start_of(day - timedelta(days=300)) + timedelta(hours=10)
    for place, row in enumerate(table.strip().splitlines()):
        key, name, form, ico, account, takes, categories, about, branches, owner, mail, tills = row.split("|")
        at = made_at + timedelta(minutes=place)
        yield DemoProvider(
            id=made_id(at, "provider", city, key),
            key=key,
            city=city,
            name=name,
            legal_form=_FORMS[form],
            ico=ico,
            account=account,
            takes=tuple(takes.split()),
            categories=tuple(categories.split()),  # type: ignore[arg-type]
            about=about,
            branches=tuple(_branch(made_id(at, "branch", city, key, branch), branch) for branch in branches.split(";")),
            owner=owner,
            mail=mail,
            vat_payer=key in VAT_PAYERS,
            only_phone=key == "kolarova",
            tills=tuple(tills.split(";")) if tills else (),
        )


def _branch(id: str, row: str) -> Branch:
    name, _, address = row.partition(":")
    return Branch(id, name, address, phone="+420 999 111 222")
