"""What is known of a beneficiary: gathered from the rooms below, judged by `eligibility`."""

from typing import Final

from chalicelib.money.ledger import service as ledger
from chalicelib.money.programmes import store
from chalicelib.money.programmes.eligibility import Facts, Lives
from chalicelib.money.programmes.model import Answers, Application, Rules
from chalicelib.town.identity.model import Standing
from chalicelib.town.people.model import guardian_of
from chalicelib.town.towns import service as towns
from chalicelib.town.towns.model import AddressUnknown

UNPROVED: Final = "declared"


def head_of(subject: str) -> str:
    """The person in whose account a subject is."""
    return guardian_of(subject) or subject


def subjects(application: Application, ref: str = "") -> tuple[str, ...]:
    """By what a beneficiary is told apart from others: our own id, and the registry's reference once there is one."""
    own = f"person:{application.beneficiary}"
    return tuple(dict.fromkeys(subject for subject in (own, ref or application.subject_ref) if subject))


def of_application(city: str, application: Application, rules: Rules, standing: Standing, documents: int) -> Facts:
    """The facts of an application as they stand now. Where the order of receipt decides, the money left is no fact of
    one application, and its row is not read for each."""
    by_arrival = application.decides == "arrival"
    return of_beneficiary(
        city,
        standing,
        address_code=application.stated.address_code,
        duplicate=_taken(city, application, standing.subject_ref),
        answers=application.answers,
        documents=documents,
        free_minor=None if by_arrival else free_minor(city, application.programme),
        household_awarded=_household_awarded(city, application, rules, standing),
    )


def household_of(rules: Rules, standing: Standing) -> str:
    """The address that stands for the beneficiary's household, "" where no limit applies or no address is known.

    Those who are registered at the town hall for want of an address are not one household.
    """
    home = standing.residence
    limited = rules.who.one_per_household and home is not None and not standing.official_address
    return home.address_code if limited and home else ""


def _household_awarded(city: str, application: Application, rules: Rules, standing: Standing) -> bool:
    code = household_of(rules, standing)
    holders = store.household_awards(city, application.programme, [code] if code else [])
    return holders.get(code, application.id) != application.id


def of_beneficiary(
    city: str,
    standing: Standing,
    *,
    address_code: str = "",
    duplicate: bool | None = None,
    answers: Answers | None = None,
    documents: int | None = None,
    free_minor: int | None = None,
    household_awarded: bool = False,
) -> Facts:
    return Facts(
        birth_date=standing.birth_date,
        lives=lives(city, standing) or lives_at(city, address_code),
        verification=standing.outcome,
        guardian=(standing.link or UNPROVED) if guardian_of(standing.subject) else None,
        duplicate=duplicate,
        only_of_household=answers.only_of_household if answers else None,
        documents=documents,
        free_minor=free_minor,
        second_proof=standing.second_proof,
        household_awarded=household_awarded,
    )


def _taken(city: str, application: Application, ref: str) -> bool:
    """Whether another application holds the beneficiary's place in the programme."""
    places = [(application.programme, subject) for subject in subjects(application, ref)]
    return bool({*store.who_claimed(city, places, consistent=True).values()} - {application.id})


def lives(city: str, standing: Standing) -> Lives | None:
    """The residence that the registry (or a clerk by a document) gave."""
    if standing.residence is None:
        return None
    home = standing.residence
    return Lives(home.municipality_code, home.city_part_code, home.kind)


def lives_at(city: str, address_code: str) -> Lives | None:
    """Where a stated address lies. An address that is only text says nothing."""
    if not address_code:
        return None
    try:
        address = towns.address(city, address_code)
    except AddressUnknown:
        return None
    town = towns.town(city)
    return Lives(address.municipality_code or town.municipality_code, address.city_part_code or town.city_part_code)


def free_minor(city: str, programme: str) -> int:
    budget = ledger.budget(city, programme)
    return budget.free_minor if budget and budget.open else 0
