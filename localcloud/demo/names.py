"""Czech names to draw from: given names, and surnames as (man's, woman's) pairs."""


def _words(text: str) -> tuple[str, ...]:
    return tuple(text.split())


MEN = _words(
    "Jan Petr Martin Tomáš Pavel Jiří Josef Jaroslav Michal Milan Lukáš Ondřej Jakub David Marek Radek Karel Vojtěch "
    "Zdeněk Vladimír Roman Aleš Libor Filip Adam Daniel Miroslav Stanislav Ladislav Václav Richard Patrik Ivo Hynek Otakar"
)
WOMEN = _words(
    "Jana Marie Eva Hana Anna Lenka Kateřina Lucie Petra Veronika Martina Tereza Alena Michaela Zuzana Ivana Monika Jitka "
    "Markéta Věra Helena Barbora Ludmila Šárka Pavla Simona Kristýna Klára Dagmar Radka Iveta Blanka Renata Olga Zdeňka"
)
BOYS = _words(
    "Jakub Jan Tomáš Matyáš Adam Filip Vojtěch Lukáš Ondřej David Matěj Daniel Šimon Marek Štěpán Dominik Antonín "
    "Tobiáš Kryštof Samuel Mikuláš Teodor Jonáš Sebastián Vít Eliáš"
)
GIRLS = _words(
    "Eliška Anna Adéla Tereza Sofie Viktorie Karolína Natálie Ema Kristýna Barbora Julie Emma Amálie Laura Nela Klára "
    "Lucie Rozálie Ella Zuzana Anežka Magdaléna Stella Josefína Mia"
)
SURNAMES = tuple(
    tuple(pair.split("/"))
    for pair in _words(
        "Novák/Nováková Svoboda/Svobodová Novotný/Novotná Dvořák/Dvořáková Černý/Černá Procházka/Procházková "
        "Kučera/Kučerová Veselý/Veselá Krejčí/Krejčí Horák/Horáková Němec/Němcová Pokorný/Pokorná Pospíšil/Pospíšilová "
        "Marek/Marková Jelínek/Jelínková Hájek/Hájková Král/Králová Růžička/Růžičková Beneš/Benešová Fiala/Fialová "
        "Sedláček/Sedláčková Doležal/Doležalová Zeman/Zemanová Kolář/Kolářová Navrátil/Navrátilová Čermák/Čermáková "
        "Vaněk/Vaňková Urban/Urbanová Blažek/Blažková Kříž/Křížová Kovář/Kovářová Kratochvíl/Kratochvílová Bartoš/Bartošová "
        "Vlček/Vlčková Musil/Musilová Kopecký/Kopecká Šimek/Šimková Konečný/Konečná Malý/Malá Čech/Čechová Holub/Holubová "
        "Štěpánek/Štěpánková Staněk/Staňková Kadlec/Kadlecová Dostál/Dostálová Soukup/Soukupová Šťastný/Šťastná Mareš/Marešová "
        "Moravec/Moravcová Sýkora/Sýkorová Tichý/Tichá Valenta/Valentová Matoušek/Matoušková Bláha/Bláhová Říha/Říhová "
        "Bureš/Burešová Hruška/Hrušková Mašek/Mašková Dušek/Dušková Pavlík/Pavlíková Hrubý/Hrubá Slavík/Slavíková "
        "Janda/Jandová Havel/Havlová Ševčík/Ševčíková Bednář/Bednářová Vávra/Vávrová Tůma/Tůmová Žák/Žáková Kubát/Kubátová "
        "Strnad/Strnadová Šmíd/Šmídová Prokop/Prokopová Zelenka/Zelenková Toman/Tomanová Vondra/Vondrová Jirák/Jiráková"
    )
)
PLACES = ("Modřínov", "Vranohrad", "Kamenná Lhota", "Horní Olešná", "Brodek nad Lipkou", "Stará Huť")

STREETS = {
    "modrinov": _words(
        "Lipová Školní Nádražní Zahradní Husova Komenského Jiráskova Sokolská Polní Krátká Dlouhá Luční Havlíčkova "
        "Masarykova Palackého Sadová Tyršova Jungmannova Smetanova Dvořákova Modřínová Borová Javorová Kaštanová "
        "Mlýnská Hornická Slunečná Rybářská Vinohradská Májová"
    ),
    "podlesi": _words(
        "Lesní Myslivecká Hájová Buková Dubová Jedlová Smrková Podlesní Studánková Mechová Kapradinová Lískova "
        "Vřesová Borůvková Hřibová Sojčí"
    ),
    "stred": _words("Hradní Radniční Kostelní Zámecká Soukenická Dominikánská"),
}
