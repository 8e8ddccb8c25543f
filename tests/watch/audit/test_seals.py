"""Seals: each entry is in exactly one, a sealed day is never opened again, and what comes late is said to be late."""

import json
from datetime import timedelta
from typing import Any

import pytest
from botocore.exceptions import ClientError

from chalicelib.core import aws
from chalicelib.core.clock import now, today
from chalicelib.core.table import Key
from chalicelib.watch.audit import merkle, outside, sealing, store
from chalicelib.watch.audit import service as audit
from tests.days import at
from tests.town.people.build import a_town
from tests.watch.audit.town import CITY, a_budget, a_grant, every_kind, seal, spend

pytestmark = pytest.mark.usefixtures("locked")
YESTERDAY = today() - timedelta(days=1)


@pytest.fixture(autouse=True)
def town(locked: str) -> None:
    a_town()


def test_a_seal_holds_every_entry_of_the_day_in_order() -> None:
    every_kind()
    made = seal()
    entries = list(store.journal(CITY, today()))
    leaves = list(outside.read_leaves(CITY, today().isoformat()))
    assert {(leaf.pk, leaf.sk) for leaf in leaves} == {(entry.pk, entry.sk) for entry in entries}
    assert leaves == sorted(leaves)
    assert {entry.kind for entry in entries} == {"transfer", "decision"}
    assert made.count == len(entries) == len(leaves)
    assert made.root == merkle.root(leaf.hash for leaf in leaves).hex()
    assert (made.n, made.prev_root, made.late) == (1, "", ())


def test_the_seal_lies_in_the_locked_bucket_as_it_is_published() -> None:
    every_kind()
    made = seal()
    kept = json.loads(outside.read_seal(CITY, today().isoformat()))
    assert kept == {
        "city": CITY, "n": 1, "day": today().isoformat(), "count": made.count, "root": made.root, "prev_root": "", "late": [],
    }  # fmt: skip


def test_a_sealed_day_cannot_be_written_over_or_deleted(locked: str) -> None:
    every_kind()
    seal()
    s3: Any = aws.client("s3")
    name = f"{CITY}/{today().isoformat()}.json"
    with pytest.raises(ClientError, match="PreconditionFailed"):
        s3.put_object(Bucket=locked, Key=name, Body=b"{}", IfNoneMatch="*")
    version = s3.head_object(Bucket=locked, Key=name)["VersionId"]
    with pytest.raises(ClientError, match="AccessDenied"):
        s3.delete_object(Bucket=locked, Key=name, VersionId=version)


def test_sealing_a_day_again_writes_nothing_new(locked: str) -> None:
    grant = every_kind()
    first = seal()
    spend(grant)
    assert seal() == first
    versions: Any = aws.client("s3").list_object_versions(Bucket=locked)
    assert len(versions["Versions"]) == 2


def test_a_try_that_died_after_its_leaves_is_finished_with_those_leaves() -> None:
    grant = every_kind()
    leaves = sorted(sealing._leaf(entry) for entry in store.journal(CITY, today()))
    outside.write_leaves(CITY, today().isoformat(), leaves)
    spend(grant)  # came between the two tries
    assert seal().count == len(leaves)


def test_what_comes_to_a_sealed_day_is_a_late_leaf_of_the_next_seal(monkeypatch: pytest.MonkeyPatch) -> None:
    counted: list[tuple[str, int]] = []
    monkeypatch.setattr(sealing, "count", lambda name, n=1: counted.append((name, n)))
    with at(now() - timedelta(days=1)):
        a_budget()
        grant = a_grant(valid_from=now() - timedelta(days=2))
    first = seal(YESTERDAY)
    with at(now() - timedelta(days=1)):
        late = spend(grant)
    spend(grant)
    second = seal()
    leaves = list(outside.read_leaves(CITY, today().isoformat()))
    assert (second.n, second.prev_root, second.count) == (2, first.root, 2)
    assert [each.day for each in second.late] == [YESTERDAY]
    assert leaves[second.late[0].index].sk == f"T#{late.id}"
    assert ("SealedLate", 1) in counted
    booked = {row.kind: row for row in audit.bookings(CITY, YESTERDAY, YESTERDAY)}
    assert booked["redeem"].document.startswith(f"AM-{today():%Y%m%d}-"), (
        "under its own day, with a document of its seal"
    )
    assert booked["allot"].document.startswith(f"AM-{YESTERDAY:%Y%m%d}-")
    assert [row.count for row in audit.bookings(CITY, today(), today()) if row.kind == "redeem"] == [1]
    assert audit.seal_of_day(CITY, YESTERDAY) == first


def test_a_day_that_the_proof_noted_is_looked_at_again_however_old() -> None:
    old = today() - timedelta(days=8)
    with at(now() - timedelta(days=8)):
        a_budget()
    seal(old)
    for back in range(7, 0, -1):
        seal(today() - timedelta(days=back))
    with at(now() - timedelta(days=8)):
        a_grant(valid_from=now() - timedelta(days=12))
    sealing.mark_for_next(CITY, [old])
    made = seal()
    assert [each.day for each in made.late] == [old]
    assert made.count == 1
    assert store.to_look_again(CITY) == []


def test_a_day_without_movement_is_sealed_too() -> None:
    made = seal()
    assert (made.count, made.root) == (0, merkle.EMPTY_ROOT.hex())


def test_the_nightly_job_seals_every_day_that_is_over() -> None:
    with at(now() - timedelta(days=3)):
        a_budget()
    seal(today() - timedelta(days=3))
    days = []
    while made := audit.seal_next(CITY):
        days.append(made.day)
    assert days == [today() - timedelta(days=2), YESTERDAY]


def test_the_first_seal_holds_everything_since_the_town_was_founded() -> None:
    a_town("stare", found_at=now() - timedelta(days=9))
    for back in (8, 3):
        with at(now() - timedelta(days=back)):
            a_budget("stare", f"p{back}")
    made = audit.seal_next("stare")
    assert made is not None
    assert (made.n, made.day, made.count, made.late) == (1, YESTERDAY, 2, ())


def test_every_sealed_entry_is_proven_and_one_of_today_waits() -> None:
    grant = every_kind()
    made = seal()
    for entry in store.journal(CITY, today()):
        found = sealing.inclusion(CITY, entry.key)
        assert found.seal == made
        assert found.body == entry.body
    waiting = spend(grant)
    found = sealing.inclusion(CITY, Key(f"{CITY}#G#{grant.id}", f"T#{waiting.id}"))
    assert (found.seal, found.path) == (None, ())


def test_what_accounting_books_is_what_the_seal_holds() -> None:
    every_kind()
    seal()
    rows = audit.bookings(CITY, today(), today())
    transfers = [entry for entry in store.journal(CITY, today()) if entry.kind == "transfer"]
    assert sum(row.count for row in rows) == len(transfers)
    assert sum(row.amount_minor for row in rows) == sum(json.loads(e.body)["amount_minor"] for e in transfers)
    funded = next(row for row in rows if row.kind == "fund")
    assert (funded.budget_year, funded.coordinates, funded.amount_minor) == (
        today().year,
        "3419/5222/0060",
        1_000_000,
    )
