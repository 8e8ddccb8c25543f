"""The list of a municipality's address points as ČÚZK publishes it: CSV in Windows-1250, semicolons."""

import csv
import io
import re
from collections.abc import Iterator, Sequence

from chalicelib.core.refusals import FieldError
from chalicelib.town.towns.model import Address

ADDRESS, MUNICIPALITY, CITY_PART, HOUSE = "Kód ADM", "Kód obce", "Kód MOMC", "Číslo domovní"
COLUMNS = (ADDRESS, MUNICIPALITY, "Název obce", CITY_PART, "Název části obce", "Název ulice", "Typ SO", HOUSE,
           "Číslo orientační", "Znak čísla orientačního")  # fmt: skip
CODE_DIGITS_MAX = 9


class Faulty(Exception):
    """Files that cannot be used: every fault, each with its place (`adresy.csv:12`)."""

    def __init__(self, faults: Sequence[FieldError]) -> None:
        self.faults = faults


def read(data: bytes, municipality: str, city_part: str = "", name: str = "adresy.csv") -> list[Address]:
    """The addresses of one municipality. Raises Faulty with every fault of it, by line of the file `name`."""
    try:
        text = data.decode("cp1250")
    except UnicodeDecodeError:
        raise Faulty([_encoding(name)]) from None
    rows = csv.DictReader(io.StringIO(text, newline=""), delimiter=";", restval="")
    found: dict[str, Address] = {}
    faults: list[FieldError] = []
    try:
        missing = [column for column in COLUMNS if column not in (rows.fieldnames or ())]
        if missing:
            raise Faulty([_missing(f"{name}:1", missing)])
        for row in rows:
            fault = next(_faults_of(row, municipality, found, f"{name}:{rows.line_num}"), None)
            if fault:
                faults.append(fault)
            else:
                found[row[ADDRESS]] = Address(row[ADDRESS], _written(row), row[MUNICIPALITY], row[CITY_PART])
    except csv.Error:
        faults.append(_broken(f"{name}:{rows.line_num + 1}"))
    if not found and not faults:
        faults.append(FieldError(name, "empty", "Není v něm žádná adresa.", "There is no address in it."))
    if city_part and found and city_part not in {address.city_part_code for address in found.values()}:
        faults.append(_no_part(name, city_part))
    if faults:
        raise Faulty(faults)
    return list(found.values())


def _encoding(name: str) -> FieldError:
    cs = "Soubor není v kódování Windows-1250. Použijte ho beze změny tak, jak ho ČÚZK vydal."
    return FieldError(name, "encoding", cs, "The file is not in Windows-1250. Use it unchanged, as ČÚZK published it.")


def _missing(place: str, columns: Sequence[str]) -> FieldError:
    listed = ", ".join(columns)
    return FieldError(place, "columns", f"Chybí sloupce: {listed}.", f"Columns are missing: {listed}.")


def _broken(place: str) -> FieldError:
    cs = "Tento řádek nejde přečíst. Stáhněte soubor znovu."
    return FieldError(place, "unreadable", cs, "This line cannot be read. Download the file again.")


def _no_part(name: str, city_part: str) -> FieldError:
    cs = f"V souboru není žádná adresa městské části {city_part}. Opravte kód části, nebo použijte jiný soubor."
    en = f"There is no address of city part {city_part}. Correct its code, or use another file."
    return FieldError(name, "city_part", cs, en)


def _faults_of(row: dict[str, str], municipality: str, found: dict[str, Address], place: str) -> Iterator[FieldError]:
    if None in row:
        cs = "Na řádku je víc hodnot než sloupců."
        yield FieldError(place, "too_many", cs, "The line has more values than there are columns.")
        return
    code, of = row[ADDRESS], row[MUNICIPALITY]
    if not (code.isascii() and code.isdigit() and len(code) <= CODE_DIGITS_MAX):
        yield FieldError(place, "code", f"{ADDRESS} není kód RÚIAN.", f"{ADDRESS} is no code of RÚIAN.")
    if code in found:
        yield FieldError(
            place, "twice", f"{ADDRESS} {code} je v souboru podruhé.", f"{ADDRESS} {code} stands here twice."
        )
    if of != municipality:
        cs = f"{MUNICIPALITY} je {of or 'prázdný'}, město má {municipality}."
        yield FieldError(place, "municipality", cs, f"{MUNICIPALITY} is {of or 'empty'}, the town's is {municipality}.")
    if not re.fullmatch("[0-9]+", row[HOUSE]):
        yield FieldError(place, "house_number", f"{HOUSE} chybí.", f"{HOUSE} is missing.")


def _written(row: dict[str, str]) -> str:
    """As people write it: street, or the part of the municipality where streets have no names, and the numbers."""
    number = row[HOUSE]
    if row["Typ SO"].startswith("č.ev"):
        number = f"č. ev. {number}"
    if row["Číslo orientační"]:
        number += f"/{row['Číslo orientační']}{row['Znak čísla orientačního']}"
    place, town = row["Název ulice"] or row["Název části obce"], row["Název obce"]
    return f"{place} {number}, {town}" if place else f"{town} {number}"
