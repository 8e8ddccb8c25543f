"""Real parallel writers in several processes for every condition of the ledger; each race breaks without its condition."""

import pytest

from chalicelib.core.aws import client
from faults.books import books_of
from tests.money.ledger.races import RACES, Race
from tests.money.ledger.town import Town
from tests.money.ledger.writers import Answer, Writers

GUARDED = [race for race in RACES if race.guards]


def run(race: Race, writers: Writers, *, guarded: bool = True) -> tuple[Town, list[Answer]]:
    """The race in a town of its own. Raises AssertionError if its promise is broken."""
    town = Town()
    town.budget()
    tasks, judge = race.prepare(town)
    answers = writers.at_once(tasks, () if guarded else race.guards)
    assert [answer.fault for answer in answers if answer.fault] == []
    judge(answers)
    return town, answers


@pytest.mark.parametrize("race", RACES, ids=lambda race: race.name)
def test_race(table: str, writers: Writers, race: Race) -> None:
    run(race, writers)
    pages = client("dynamodb").get_paginator("scan").paginate(TableName=table, ConsistentRead=True)
    items = {(raw["PK"]["S"], raw["SK"]["S"]): raw for page in pages for raw in page["Items"]}
    assert books_of(items).differences() == {}


@pytest.mark.parametrize("race", GUARDED, ids=lambda race: race.name)
def test_race_breaks_without_its_condition(table: str, writers: Writers, race: Race) -> None:
    with pytest.raises(AssertionError):
        run(race, writers, guarded=False)
