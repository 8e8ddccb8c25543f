"""Who to sign in as. Everything here stands on the start page, so it opens nothing but the demo."""

from collections.abc import Iterator, Sequence
from datetime import date

from localcloud.people import Person

PASSWORD = "aktivni-mesto"
"""Of everybody in the demo."""


def people_to_sign_in(day: date) -> Sequence[Person]:
    """The people of both towns, the town halls first."""
    return list(_people(day))


def _people(day: date) -> Iterator[Person]:
    from localcloud.demo.sponsors import PAIRED_BY_NEWCOMER, cashier_name, pairing_code
    from localcloud.demo.world import world

    made = world(day)
    names = {town.slug: town.name for town, _ in made.towns}
    for colleague in made.staff:
        role = f"{names[colleague.city]}: {colleague.role_name}"
        yield Person(role, colleague.name, colleague.email, PASSWORD, f"/admin/{colleague.city}")
    shown = {case.key: case.title for case in made.cases if case.shown}
    for account in made.accounts:
        if account.key in shown and account.email:
            role = f"{names[account.city]}, občan: {shown[account.key]}"
            yield Person(role, account.name, account.email, PASSWORD, "/moje/")
    for provider in made.providers:
        if provider.tills or provider.key in ("modrin", "vydra"):
            where = f"/admin/{provider.city}/p/{provider.id}"
            yield Person(f"{provider.name}: majitel", provider.owner, provider.owner_email, PASSWORD, where)
    pool = next(provider for provider in made.providers if provider.key == "bazen")
    yield Person(f"{pool.name}: pokladní", cashier_name(pool), pool.cashier_email, PASSWORD, "/reader/")
    for key in PAIRED_BY_NEWCOMER:
        provider = next(p for p in made.providers if p.key == key)
        code = pairing_code(key)
        yield Person(
            f"{provider.name}: pokladna",
            "spárujte zařízení kódem",
            code,
            "—",
            f"/reader/parovani#{provider.city}/{code}",
        )
