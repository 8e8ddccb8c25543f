"""What the operator gets of a town: its file, the list of its addresses as ČÚZK writes it, its privacy notice."""

from pathlib import Path

HEAD = (
    "Kód ADM;Kód obce;Název obce;Kód MOMC;Název MOMC;Kód obvodu Prahy;Název obvodu Prahy;Kód části obce;"
    "Název části obce;Kód ulice;Název ulice;Typ SO;Číslo domovní;Číslo orientační;Znak čísla orientačního;PSČ;"
    "Souřadnice Y;Souřadnice X;Platí Od"
)


def row(
    code: str, number: str, *, street: str = "Lipová", orient: str = "", mark: str = "", kind: str = "č.p.",
    town: str = "999001",
) -> str:  # fmt: skip
    where = f"{code};{town};Modřínov;;;;;490016;Podlesí;1;{street};{kind};{number};{orient};{mark}"
    return f"{where};99901;700000.00;1000000.00;2012-07-01T00:00:00"


HOMES = (
    row("990010001", "12", orient="3", mark="a"),
    row("990010002", "7", street=""),
    row("990010003", "4", street="", kind="č.ev."),
)
TOML = """
slug = "modrinov"
name = "Modřínov"
ico = "80000011"
municipality_code = "999001"
account_number = "5051686260/0800"
bank_profile = "0800"
colour = "#1f5b3a"
notice_cs = "pouceni.txt"
addresses = "adresy.csv"

[contact]
phone = "+420 999 100 200"
email = "podatelna@modrinov.example"
office = "náměstí Míru 1, Modřínov"
office_hours = "po a st 8–17, út a čt 8–14, pá 8–12"

[[administrators]]
email = "spravce@modrinov.example"
[[administrators]]
email = "spravce2@modrinov.example"
"""


def files(folder: Path, toml: str = TOML, rows: tuple[str, ...] = HOMES) -> Path:
    (folder / "adresy.csv").write_bytes("\r\n".join([HEAD, *rows]).encode("cp1250"))
    (folder / "pouceni.txt").write_text("Město zpracovává údaje, aby rozhodlo o příspěvku.")
    (folder / "mesto.toml").write_text(toml)
    return folder / "mesto.toml"
