"""One state of each person of a household: every combination has one, and a refused guardian learns nothing."""

from datetime import timedelta
from itertools import product
from typing import Any, get_args

import pytest

from chalicelib.core.clock import now
from chalicelib.core.gate import Who
from chalicelib.town.identity.model import (
    Link,
    LinkState,
    Outcome,
    PersonState,
    Residence,
    Standing,
    Verification,
    of_age_on,
    state_of,
)
from tests.door import Door
from tests.money.programmes.build import CITY, HOME, a_child, a_citizen, a_hall, an_open, submitted
from tests.town.people.build import a_town

BORN = of_age_on(now().date()) - timedelta(days=9 * 366)


def outcomes() -> list[Outcome]:
    return list(get_args(Outcome.__value__))


def a_standing(outcome: Outcome, link: LinkState | None = None, **more: Any) -> Standing:
    return Standing("p1", BORN, outcome, link=link, **more)


def a_link(state: LinkState, **more: Any) -> Link:
    return Link("p1", "p1-c", now(), of_age_on(BORN), state, **more)


def state(standing: Standing, seen: Verification | None = None, link: Link | None = None, how: Any = "") -> PersonState:
    return state_of(standing, seen, link, how or "at_registration", HOME)


def test_every_combination_has_exactly_one_state_and_every_state_is_reached() -> None:
    links: list[LinkState | None] = [None, *get_args(LinkState.__value__)]
    seens: list[dict[str, Any]] = [{}, {"job": "j"}, {"next_check_at": now()}, {"birth_place_tried": True}]
    files: list[dict[str, Any]] = [
        {},
        {"not_proved": True},
        {"document_version": "f"},
        {"document_version": "f", "by": "clerk"},
    ]
    homes = [Residence(HOME), Residence("999002")]
    reached: set[str] = set()
    for outcome, link, seen, file, home, how, yes in product(
        outcomes(), links, seens, files, homes, ("at_registration", "by_hand"), (False, True)
    ):
        standing = a_standing(
            outcome, link, residence=home, duplicate=yes, second_proof=yes, differs=("name",) if seen else ()
        )
        verification = Verification("p1", "f", now(), outcome, **seen)
        reached.add(state(standing, verification, a_link(link, **file) if link else None, how))
    assert reached == set(get_args(PersonState.__value__))


@pytest.mark.parametrize(
    ("standing", "expected"),
    [
        (a_standing("no_match", duplicate=True), "other_account"),
        (a_standing("match_not_resident", residence=Residence(HOME, "999022")), "other_part"),
        (a_standing("match_not_resident", residence=Residence("999002")), "other_town"),
        (a_standing("match"), "unproved"),
        (a_standing("match", second_proof=True), "verified"),
    ],
)
def test_a_state_says_what_is_next(standing: Standing, expected: str) -> None:
    assert state(standing) == expected


def test_an_uploaded_judgment_is_no_longer_asked_for() -> None:
    child = a_standing("match", "declared")
    assert state(child, link=a_link("declared", not_proved=True)) == "link_wanted"
    assert state(child, link=a_link("declared", not_proved=True, document_version="f")) == "link_sent"
    assert state(child, link=a_link("declared", document_version="f", by="clerk")) == "link_second_clerk"


def everything_a_parent_sees(door: Door, parent: Who, child: str, application: str) -> list[Any]:
    """All that the account shows of a child, without what only names it."""
    me = door.as_(parent)
    household = me.get(f"/cities/{CITY}/verifications").body["items"]
    shown = [next(one for one in household if one["id"] == child), me.get(f"/cities/{CITY}/verifications/{child}").body]
    candidates = me.get(f"/cities/{CITY}/candidates").body["items"]
    detail = me.get(f"/cities/{CITY}/applications/{application}").body["conditions"]
    return [
        *[{k: v for k, v in one.items() if k not in ("id", "link")} for one in shown],
        [(one["outcome"], one["passes"], one["conditions"]) for one in candidates if one["beneficiary"] == child],
        detail,
    ]


def test_whoever_is_refused_as_a_guardian_learns_nothing_of_the_child(door: Door) -> None:
    """The same answer, whether the child's data agree with the registry, differ, or belong to somebody in it."""
    staff = a_hall()
    programme = an_open(staff)
    seen = []
    for outcome in ("match", "no_match", "match_not_resident", "deceased"):
        parent = a_citizen()
        child = a_child(parent)
        application = submitted(programme, parent, child.id)
        forget_and_refuse(child, outcome)
        seen.append(everything_a_parent_sees(door, parent, child.id, application.id))
        clerk = door.as_(staff.clerk).get(f"/cities/{CITY}/households/{child.id}").body["items"]
        assert outcome in [one["outcome"] for one in clerk]
    assert all(one == seen[0] for one in seen)
    assert seen[0][0]["state"] == "link_refused"


def forget_and_refuse(child: Any, outcome: str) -> None:
    from tests.money.programmes.build import verified

    verified(child.id, outcome=outcome, link="refused")


def test_of_people_from_elsewhere_the_place_is_named_where_it_is_ours(door: Door) -> None:
    from tests.money.programmes.build import verified

    a_hall()
    a_town("jasan", "Jasan")
    me = a_citizen()
    verified(me.id, outcome="match_not_resident", residence=Residence("555555"))
    [shown] = door.as_(me).get(f"/cities/{CITY}/verifications").body["items"]
    assert (shown["state"], shown["place"]) == ("other_town", "")
