"""One contribution for a household: by the registry's address, at the award, whoever awards and however many at once."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest

from chalicelib.core.gate import Who
from chalicelib.core.refusals import Refusal
from chalicelib.core.table import remove
from chalicelib.money.programmes import allocating, reviewing, service, store
from chalicelib.money.programmes.model import (
    Answers,
    Application,
    ConditionsNotMet,
    HouseholdAwarded,
    Programme,
    WhoMay,
)
from chalicelib.money.programmes.reviewing import Decision
from chalicelib.town.identity.model import Residence
from tests.money.programmes.build import AMOUNT, CITY, HOME, Staff, a_citizen, a_hall, an_open, sign, verified

APPROVE = Decision("approve")
ADDRESS = "21712345"


def a_programme(staff: Staff, **more: Any) -> Programme:
    return an_open(staff, who=WhoMay(residence_codes=(HOME,), one_per_household=True), **more)


def living_at(address_code: str) -> Who:
    me = a_citizen()
    verified(me.id, residence=Residence(HOME, address_code=address_code))
    return me


def declared(programme: Programme, by: Who) -> Application:
    draft = service.start(CITY, programme.id, by.id, by)
    service.save_draft(CITY, draft.id, draft.v, Answers(only_of_household=True), by)
    return service.submit(CITY, draft.id, by)


def test_the_second_of_a_household_is_refused_by_name_and_another_address_is_not(table: str) -> None:
    staff = a_hall()
    programme = a_programme(staff)
    first, second = (declared(programme, living_at(ADDRESS)) for _ in range(2))
    other = declared(programme, living_at("21799999"))
    service.decide(CITY, first.id, APPROVE, staff.clerk, "key-00000001")
    with pytest.raises(HouseholdAwarded):
        service.decide(CITY, second.id, APPROVE, staff.clerk, "key-00000002")
    assert service.application(CITY, second.id).state == "submitted"
    service.decide(CITY, other.id, APPROVE, staff.clerk, "key-00000003")
    assert service.budget(CITY, programme.id).free_minor == 8 * AMOUNT


def test_once_a_household_has_its_award_the_next_of_it_is_told_before_sending(table: str) -> None:
    staff = a_hall()
    programme = a_programme(staff)
    service.decide(CITY, declared(programme, living_at(ADDRESS)).id, APPROVE, staff.clerk, "key-00000001")
    with pytest.raises(ConditionsNotMet) as refused:
        declared(programme, living_at(ADDRESS))
    assert refused.value.conditions == ("household_award",)


def test_two_clerks_at_once_award_a_household_once(table: str) -> None:
    staff = a_hall()
    programme = a_programme(staff)
    for n in range(1, 4):
        pair = [declared(programme, living_at(f"{ADDRESS}{n}")) for _ in range(2)]

        def approve(of: tuple[Application, Who]) -> str:
            try:
                return service.decide(CITY, of[0].id, APPROVE, of[1], f"key-{of[0].id}").application.state
            except Refusal as refusal:
                return refusal.code()

        with ThreadPoolExecutor(2) as pool:
            ended = sorted(pool.map(approve, zip(pair, (staff.clerk, staff.clerk2), strict=True)))
        assert ended == ["approved", HouseholdAwarded.code()]
        assert service.budget(CITY, programme.id).free_minor == (10 - n) * AMOUNT


def test_without_the_households_key_the_race_awards_it_twice(table: str, monkeypatch: pytest.MonkeyPatch) -> None:
    staff = a_hall()
    programme = a_programme(staff)
    pair = [declared(programme, living_at(ADDRESS)) for _ in range(2)]

    def unguarded(city: str, noun: Application, code: str) -> Any:
        item = store.HouseholdItem.at(store.household_key(city, noun.programme, f"{code}{noun.id}"))
        return remove(item, store.HouseholdItem.pk.does_not_exist())

    monkeypatch.setattr(store, "claim_household", unguarded)
    for one in pair:
        service.decide(CITY, one.id, APPROVE, staff.clerk, f"key-{one.id}")
    assert service.budget(CITY, programme.id).free_minor == 8 * AMOUNT


def test_the_allocator_awards_a_household_once_even_within_one_transaction(
    table: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(allocating, "SETTLES", timedelta())
    staff = a_hall()
    programme = a_programme(staff, decides="arrival")
    at = (ADDRESS, "21799998", ADDRESS, "21799999")
    sent = [declared(programme, living_at(address)) for address in at]
    service.allocate(CITY, programme.id)
    states = [service.application(CITY, one.id).state for one in sent]
    assert states == ["approved", "approved", "in_review", "approved"]
    assert service.budget(CITY, programme.id).free_minor == 7 * AMOUNT


def test_a_household_with_its_award_blocks_nobody_behind_it_in_the_waiting_list(
    table: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reviewing, "PROMOTED_A_STEP", 1)
    staff = a_hall()
    programme = a_programme(staff, budget_minor=AMOUNT)
    at = ("21799998", ADDRESS, ADDRESS, ADDRESS, "21799999")
    sent = [declared(programme, living_at(address)) for address in at]
    for one in sent:
        service.decide(CITY, one.id, APPROVE, staff.clerk, f"key-{one.id}")
    sign(staff, programme.id, 4 * AMOUNT)
    moved_up = [service.promote(CITY, programme.id) for _ in range(3)]
    found = [service.application(CITY, one.id) for one in sent]
    assert [one.state for one in found] == ["approved", "approved", "in_review", "in_review", "approved"]
    assert moved_up == [1, 1, 0]
    declined = service.decide(CITY, sent[2].id, Decision("decline", "Už přiznáno."), staff.clerk, "key-decline")
    assert declined.application.state == "declined"


def test_the_registered_at_the_town_hall_are_not_one_household(table: str) -> None:
    from dataclasses import replace

    from chalicelib.core.table import commit
    from chalicelib.town.identity import store as identity_store

    staff = a_hall()
    programme = a_programme(staff)
    for n in range(2):
        me = living_at(ADDRESS)
        known = identity_store.verification(CITY, me.id)
        assert known is not None
        commit(identity_store.save_verification(CITY, replace(known, official_address=True), None))
        sent = declared(programme, me)
        decided = service.decide(CITY, sent.id, APPROVE, staff.clerk, f"key-0000000{n}")
        assert decided.application.state == "approved"


def test_no_address_stands_in_the_households_key(table: str) -> None:
    key = store.household_key(CITY, "programme", ADDRESS)
    assert ADDRESS not in key.pk
    assert key != store.household_key(CITY, "another", ADDRESS)
