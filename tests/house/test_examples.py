"""Every operation has an example in docs/openapi.json, which is what the doors answered to a request of the small town's story."""

import json

from chalicelib.core.http import Api
from tests import contract
from tests.house.small_town import Town
from tests.house.telling import shortened
from tools import examples
from tools.docs import load_rooms

load_rooms()


def test_every_operation_has_an_example_that_was_sent(small_town: Town) -> None:
    untold = Api.every.keys() - small_town.book.steps.keys()
    assert untold == set(), "tell of each in tests/house/small_town.py: the first request that is answered with yes"


def test_the_examples_are_what_the_doors_answer_today(small_town: Town) -> None:
    sent = {name: json.loads(json.dumps(step.example())) for name, step in small_town.book.steps.items()}
    known = examples.known()
    other = {name: sent[name] for name in sent if sent[name] != known.get(name)}
    assert (other, known.keys() - sent.keys()) == ({}, set()), "run `make docs` and commit"


def test_an_example_is_short_and_still_fits_its_description(small_town: Town) -> None:
    for name, step in small_town.book.steps.items():
        method, _, path = name.partition(" ")
        media_type = step.answer.headers.get("Content-Type", "")
        contract.check(method, path, step.answer.status, media_type, shortened(step.answer.body))
        assert len(json.dumps(step.example())) < 9_000, name
