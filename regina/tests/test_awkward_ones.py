"""Every awkward person of the demo town, each asked through the whole of Regina over a registry file."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from pathlib import Path

import pytest

from regina.file_registry import OUTAGE_FILE
from regina.matching import is_adult
from regina.model import Differs, Outcome, Residence, ResidenceKind
from regina.tests.builders import NOON, PODLESI, Town, a_home, a_person, a_question


@pytest.fixture
def town(tmp_path: Path) -> Town:
    return Town(tmp_path)


def test_surname_typed_without_hacek_matches_and_the_registrys_spelling_is_kept(town: Town) -> None:
    answer = town.holds(a_person()).asked(a_question(surname="Dvorak"))
    assert (answer.outcome, answer.surname, answer.differs) == (Outcome.MATCH, "Dvořák", ())


@pytest.mark.parametrize("typed", ["Jana Marie", "Marie Jana", "Jana", "JANA MARIE", "Jana-Marie"])
def test_given_names_swapped_or_the_second_left_out_match(town: Town, typed: str) -> None:
    answer = town.holds(a_person(given_names="Jana Marie")).asked(a_question(given_names=typed))
    assert (answer.outcome, answer.given_names) == (Outcome.MATCH, "Jana Marie")


def test_registering_under_the_former_surname_tells_that_the_name_differs(town: Town) -> None:
    married = a_person(given_names="Eva", surname="Malá", former_surnames=["Nováková"])
    answer = town.holds(married).asked(a_question(given_names="Eva", surname="Nováková", address_code=None))
    assert (answer.outcome, answer.differs, answer.subject_ref, answer.surname) == (
        Outcome.NO_MATCH,
        (Differs.NAME,),
        None,
        None,
    )


def test_father_and_son_of_one_name_and_address_are_told_apart_by_birth_date(town: Town) -> None:
    town.holds(a_person("father"), a_person("son", birth_date="2008-02-03"))
    son = town.asked(a_question(birth_date=date(2008, 2, 3)))
    assert (son.outcome, son.subject_ref) == (Outcome.MATCH, town.subjects.ref("son"))


def test_twins_with_names_one_letter_apart_are_told_apart_by_given_name(town: Town) -> None:
    town.holds(a_person("alena", given_names="Alena"), a_person("elena", given_names="Elena"))
    answers = [town.asked(a_question(given_names=name)) for name in ("Alena", "Elena")]
    assert [a.outcome for a in answers] == [Outcome.MATCH, Outcome.MATCH]
    assert [a.subject_ref for a in answers] == [town.subjects.ref("alena"), town.subjects.ref("elena")]


def test_two_people_of_one_name_and_birth_date_are_ambiguous(town: Town) -> None:
    answer = town.holds(a_person("A1"), a_person("A2", birth_place="Praha")).asked(a_question())
    assert (answer.outcome, answer.subject_ref, answer.surname) == (Outcome.AMBIGUOUS, None, None)


def test_the_place_of_birth_parts_two_people_of_one_name(town: Town) -> None:
    town.holds(a_person("A1"), a_person("A2", birth_place="Praha"))
    answer = town.asked(a_question(birth_place="PRAHA"))
    assert (answer.outcome, answer.subject_ref) == (Outcome.MATCH, town.subjects.ref("A2"))


def test_a_place_of_birth_that_parts_nobody_leaves_them_ambiguous(town: Town) -> None:
    town.holds(a_person("A1"), a_person("A2", birth_place="Praha"))
    assert town.asked(a_question(birth_place="Brno")).outcome is Outcome.AMBIGUOUS


def test_child_with_the_other_parents_surname_is_matched_and_the_link_is_proved(town: Town) -> None:
    child = a_person("child", surname="Nguyễn", birth_date="2018-03-04", parents=[{"registry_id": "mother"}])
    town.holds(a_person("mother", surname="Malá"), child)
    assert town.asked(a_question(surname="Nguyen", birth_date=date(2018, 3, 4))).outcome is Outcome.MATCH
    assert town.link("mother", "child").outcome is Outcome.PROVED_BY_REGISTRY


def test_both_parents_of_a_child_in_shared_custody_are_proved_and_the_child_has_one_reference(town: Town) -> None:
    parents = [{"registry_id": "mother"}, {"registry_id": "father"}]
    town.holds(
        a_person("mother"),
        a_person("father"),
        a_person("child", birth_date="2018-03-04", parents=parents, custody="shared"),
    )
    assert [town.link(p, "child").outcome for p in ("mother", "father")] == [Outcome.PROVED_BY_REGISTRY] * 2
    refs = {town.asked(a_question(given_names=n, birth_date=date(2018, 3, 4))).subject_ref for n in ("Petr", "PETR")}
    assert refs == {town.subjects.ref("child")}


def test_foster_parents_link_is_not_proved_by_the_registry(town: Town) -> None:
    child = a_person("child", birth_date="2018-03-04", parents=[{"registry_id": "mother"}], custody="foster")
    town.holds(a_person("grandmother"), a_person("mother"), child)
    assert town.link("grandmother", "child").outcome is Outcome.NOT_PROVED


def test_parent_deprived_of_responsibility_is_refused_and_nothing_is_said_about_the_child(town: Town) -> None:
    child = a_person("child", birth_date="2018-03-04", parents=[{"registry_id": "father", "responsible": False}])
    answer = town.holds(a_person("father"), child).link("father", "child")
    assert answer.outcome is Outcome.REFUSED
    assert set(answer.body("L1")) == {"lease_id", "outcome", "request_id", "checked_at"}


def test_link_to_a_child_of_age_is_not_proved(town: Town) -> None:
    child = a_person("child", birth_date="2008-11-20", parents=[{"registry_id": "mother"}])
    assert town.holds(a_person("mother"), child).link("mother", "child").outcome is Outcome.NOT_PROVED


def test_link_of_a_dead_parent_is_not_proved(town: Town) -> None:
    child = a_person("child", birth_date="2018-03-04", parents=[{"registry_id": "mother"}])
    town.holds(a_person("mother", died_on="2026-10-31"), child)
    assert town.link("mother", "child").outcome is Outcome.NOT_PROVED


def test_a_reference_that_this_town_never_made_is_not_proved(town: Town) -> None:
    town.holds(a_person("mother"))
    assert town.link("mother", "somebody elsewhere").outcome is Outcome.NOT_PROVED


def test_residence_at_the_offices_address_is_flagged(town: Town) -> None:
    answer = town.holds(a_person(residence=a_home(official_address=True))).asked(a_question())
    assert (answer.outcome, answer.official_address) == (Outcome.MATCH, True)


def test_moved_away_is_not_a_resident_and_the_address_differs(town: Town) -> None:
    town.holds(a_person(residence=a_home(municipality_code="500011", address_code="500110001")))
    answer = town.asked(a_question())
    assert (answer.outcome, answer.differs) == (Outcome.MATCH_NOT_RESIDENT, (Differs.ADDRESS,))


def test_the_same_postal_name_in_another_city_part_is_not_a_resident(tmp_path: Path) -> None:
    podlesi = Town(tmp_path, PODLESI)
    there = a_home(municipality_code="999002", city_part_code="999022", address_code="990020001")
    answer = podlesi.holds(a_person(residence=there)).asked(a_question(address_code="990020001"))
    assert (answer.outcome, answer.residence) == (
        Outcome.MATCH_NOT_RESIDENT,
        Residence("999002", "999022", "990020001", text="Lipová 12, Modřínov"),
    )


def test_resident_of_the_city_part_matches(tmp_path: Path) -> None:
    here = a_home(municipality_code="999002", city_part_code="999021")
    assert Town(tmp_path, PODLESI).holds(a_person(residence=here)).asked(a_question()).outcome is Outcome.MATCH


def test_a_move_that_reaches_the_registry_shows_at_the_next_check(town: Town) -> None:
    town.holds(a_person(residence=a_home(municipality_code="500011", address_code="500110001")))
    before = town.asked(a_question()).outcome
    after = town.holds(a_person()).asked(a_question()).outcome
    assert (before, after) == (Outcome.MATCH_NOT_RESIDENT, Outcome.MATCH)


def test_temporary_protection_matches_with_its_kind_of_residence(town: Town) -> None:
    refugee = a_person(surname="Шевченко", citizenship="UA", residence=a_home(kind="temporary_protection"))
    answer = town.holds(refugee).asked(a_question(surname="Шевченко"))
    assert answer.outcome is Outcome.MATCH
    assert answer.residence is not None
    assert answer.residence.kind is ResidenceKind.PROTECTION


def test_foreigner_needs_no_birth_number_and_marks_on_the_name_play_no_part(town: Town) -> None:
    foreigner = a_person(given_names="Thị Hồng", surname="Đặng", citizenship="VN")
    assert town.holds(foreigner).asked(a_question(given_names="Thi Hong", surname="Dang")).outcome is Outcome.MATCH


def test_house_and_orientation_number_swapped_is_seen_by_the_address_code(town: Town) -> None:
    answer = town.holds(a_person()).asked(a_question(address_code="990010012"))
    assert (answer.outcome, answer.differs) == (Outcome.MATCH, (Differs.ADDRESS,))


@pytest.mark.parametrize("born", ["2008-02-29", "2008-11-20", "1966-11-20", "2008-11-21"])
def test_those_on_the_line_of_the_rules_match(town: Town, born: str) -> None:
    answer = town.holds(a_person(birth_date=born)).asked(a_question(birth_date=date.fromisoformat(born)))
    assert answer.outcome is Outcome.MATCH


@pytest.mark.parametrize(
    ("born", "today", "adult"),
    [
        (date(2008, 2, 29), date(2026, 2, 27), False),
        (date(2008, 2, 29), date(2026, 2, 28), True),
        (date(2008, 11, 20), date(2026, 11, 20), True),
        (date(2008, 11, 21), date(2026, 11, 20), False),
        (date(2006, 3, 1), date(2024, 2, 29), False),
    ],
)
def test_coming_of_age_is_on_the_birthday(born: date, today: date, adult: bool) -> None:
    assert is_adult(born, today) is adult


def test_the_dead_are_told_as_deceased_with_their_reference_and_without_their_data(town: Town) -> None:
    answer = town.holds(a_person(died_on="2026-10-31")).asked(a_question())
    assert (answer.outcome, answer.subject_ref) == (Outcome.DECEASED, town.subjects.ref("A1"))
    assert (answer.surname, answer.residence) == (None, None)


def test_questioned_data_are_told_as_questioned(town: Town) -> None:
    assert town.holds(a_person(questioned=True)).asked(a_question()).outcome is Outcome.QUESTIONED


def test_registry_down_for_forty_minutes_is_unavailable_and_then_answers(tmp_path: Path) -> None:
    clock = [NOON]
    town = Town(tmp_path, now=lambda: clock[0]).holds(a_person())
    (tmp_path / OUTAGE_FILE).write_text((NOON + timedelta(minutes=40)).isoformat())
    assert town.asked(a_question()).outcome is Outcome.UNAVAILABLE
    assert town.link("A1", "A1").outcome is Outcome.UNAVAILABLE
    clock[0] = NOON + timedelta(minutes=40)
    assert town.asked(a_question()).outcome is Outcome.MATCH


def test_two_accounts_of_one_adult_get_the_same_reference(town: Town) -> None:
    town.holds(a_person())
    assert (
        town.asked(a_question()).subject_ref == town.asked(a_question(surname="DVORAK", address_code=None)).subject_ref
    )


def test_a_neighbour_with_somebody_elses_name_and_birth_date_matches_so_a_second_proof_is_needed(town: Town) -> None:
    """The registry cannot tell who is asking: the same answer comes for both, which is why money waits for a code."""
    town.holds(a_person(), a_person("neighbour", given_names="Karel", surname="Kos", birth_date="1975-01-01"))
    answer = town.asked(a_question(address_code="990010002"))
    assert (answer.outcome, answer.subject_ref) == (Outcome.MATCH, town.subjects.ref("A1"))


def test_a_wrong_birth_date_is_told_only_to_who_knows_name_and_address(town: Town) -> None:
    town.holds(a_person())
    wrong = date(1980, 5, 18)
    assert town.asked(a_question(birth_date=wrong)).differs == (Differs.BIRTH_DATE,)
    assert town.asked(a_question(birth_date=wrong, address_code=None)).differs == ()
    assert town.asked(a_question(birth_date=wrong, address_code="990010002")).differs == ()


def test_a_stranger_is_no_match_and_nothing_more_is_said(town: Town) -> None:
    answer = town.holds(a_person()).asked(a_question(given_names="Karel", surname="Kos", address_code=None))
    assert (answer.outcome, answer.differs) == (Outcome.NO_MATCH, ())


def test_audit_log_says_who_when_why_and_under_which_number_and_no_name(town: Town) -> None:
    answer = town.holds(a_person()).asked(a_question(surname="Kos"))
    lines = town.audit_lines()
    assert [line["service"] for line in lines] == ["robCtiPodleUdaju2", "robCtiPodleUdaju2"]
    assert lines[-1]["request_id"] == answer.request_id
    assert lines[0]["request_id"] != lines[1]["request_id"]
    assert set(lines[0]) == {"at", "user", "purpose", "service", "job", "request_id", "result"}
    assert datetime.fromisoformat(lines[0]["at"]) == NOON
    assert not any(word in str(lines) for word in ("Petr", "Dvořák", "Kos", "1980"))
