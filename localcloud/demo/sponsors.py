"""Writes the towns, their programmes under two signatures, the providers and what they offer."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

from chalicelib.core.clock import Instant, start_of
from chalicelib.core.gate import CASHIER, OWNER
from chalicelib.money.ledger import service as ledger
from chalicelib.money.ledger.model import Spender
from chalicelib.money.offers import store as offers
from chalicelib.money.offers.model import Offer
from chalicelib.money.programmes import store as programmes
from chalicelib.money.programmes.model import BudgetChange, Programme, Signature, state_by
from chalicelib.money.providers import store as providers
from chalicelib.money.providers.model import (
    Account,
    Agreement,
    Event,
    Part,
    PartState,
    Provider,
    ProviderContact,
    ProviderState,
)
from chalicelib.money.vouchers import codes
from chalicelib.money.vouchers import store as vouchers
from chalicelib.money.vouchers.model import Pairing, Till
from chalicelib.town.people import service as people
from chalicelib.town.people import store as people_store
from chalicelib.town.people.model import ProviderMembership
from chalicelib.town.towns import service as towns
from localcloud.demo.chance import made_id, secret
from localcloud.demo.clock import at
from localcloud.demo.programmes import DemoProgramme
from localcloud.demo.providers import DemoProvider
from localcloud.demo.story import Applied
from localcloud.demo.table import Batch, together
from localcloud.demo.towns import MODRINOV, PODLESI, houses
from localcloud.demo.world import World

ADDRESS_WRITERS = 4
PAIRING_DAYS = 365
"""A pairing code lives for minutes; the demo's one for a newcomer's first look lives for a year."""


def write_towns(world: World) -> None:
    """Both towns with their notices and lists of addresses."""
    for town, notice in world.towns:
        towns.found(town, notice)
    lists = {MODRINOV: [*houses("modrinov")], PODLESI: [*houses("podlesi"), *houses("stred")]}
    pieces = [
        (city, [house.address for house in known[place::ADDRESS_WRITERS]])
        for city, known in lists.items()
        for place in range(ADDRESS_WRITERS)
    ]
    together([lambda piece=piece: towns.load_addresses(*piece) for piece in pieces])  # type: ignore[misc]


# Programmes


def programme_id(world: World, programme: DemoProgramme) -> str:
    return made_id(_made_at(world, programme), "programme", programme.key)


def _made_at(world: World, programme: DemoProgramme) -> Instant:
    back = 6 if programme.is_draft else programme.published_before + 10
    return start_of(world.day - timedelta(days=back)) + timedelta(hours=9, minutes=len(programme.key))


def write_programmes(world: World, batch: Batch) -> None:
    """The programmes and their signed budget changes; the money itself is put in by `fund`."""
    for programme in world.programmes:
        batch.add(*programmes.new_programme(programme.city, _programme(world, programme)))
        id = programme_id(world, programme)
        batch.add(ledger.open_budget(programme.city, id))
        if not programme.is_draft:
            batch.add(programmes.new_budget_change(programme.city, _budget_change(world, programme)))


def _programme(world: World, programme: DemoProgramme) -> Programme:
    made_at = _made_at(world, programme)
    return Programme(
        id=programme_id(world, programme),
        state="draft" if programme.is_draft else state_by(programme.rules, world.day, None),
        rules=programme.rules,
        created_at=made_at,
        created_by=world.colleague(programme.city, "owner").id,
        published_at=None if programme.is_draft else made_at + timedelta(days=9),
    )


def _budget_change(world: World, programme: DemoProgramme) -> BudgetChange:
    made_at = _made_at(world, programme)
    return BudgetChange(
        id=made_id(made_at, "budget", programme.key),
        programme=programme_id(world, programme),
        amount_minor=programme.budget_minor,
        reason=f"Rozpočet podle usnesení {programme.rules.resolution_number}.",
        proposed_by=world.colleague(programme.city, "owner").id,
        proposed_at=made_at + timedelta(hours=1),
        authorising_officer=Signature(world.colleague(programme.city, "authorising").id, made_at + timedelta(days=1)),
        budget_officer=Signature(_budget_officer(world, programme), _signed_at(world, programme)),
    )


def _signed_at(world: World, programme: DemoProgramme) -> Instant:
    return _made_at(world, programme) + timedelta(days=2, hours=3)


def _budget_officer(world: World, programme: DemoProgramme) -> str:
    return world.colleague(programme.city, "budget").id


def fund(world: World, programme: DemoProgramme) -> None:
    """The second signature puts the money into the budget."""
    change = _budget_change(world, programme)
    with at(_signed_at(world, programme)):
        spender = Spender(_budget_officer(world, programme), "admin", f"budget.{change.id}")
        coordinates = programme.rules.coordinates.text
        ledger.fund(programme.city, change.programme, change.amount_minor, spender, coordinates=coordinates)


# Providers


def write_providers(world: World, batch: Batch, password: str) -> None:
    """Providers with owners and cashiers, accounts, parts in programmes, branches and tills."""
    signed_in: dict[str, str] = {}
    for provider in world.providers:
        owner = _member(world, batch, provider, OWNER, password, signed_in)
        _provider(world, batch, provider, owner)
        if provider.tills:
            _member(world, batch, provider, CASHIER, password, signed_in)
            _tills(world, batch, provider, owner)


def _since(world: World, provider: DemoProvider) -> Instant:
    return start_of(world.day - timedelta(days=290)) + timedelta(hours=11, minutes=len(provider.name))


def owner_of(world: World, provider: DemoProvider) -> str:
    """The person who owns a provider; Judo's is one for both towns."""
    first = next(p for p in world.providers if p.owner_email == provider.owner_email)
    return made_id(_since(world, first), "member", provider.owner_email)


def _member(
    world: World, batch: Batch, provider: DemoProvider, role: str, password: str, signed_in: dict[str, str]
) -> str:
    """The owner or the cashier, with a sign-in; who is there already (Judo has one for both towns) gets the role."""
    given_names, _, surname = (provider.owner if role == OWNER else cashier_name(provider)).rpartition(" ")
    email = provider.owner_email if role == OWNER else provider.cashier_email
    id = signed_in.get(email) or made_id(_since(world, provider), "member", email)
    if email not in signed_in:
        batch.add(*people.found_account(id, email=email, password=password, given_names=given_names, surname=surname))
    signed_in[email] = id
    membership = ProviderMembership(id, provider.city, provider.id, role)
    batch.add(people_store.save_provider_membership(membership, f"{given_names} {surname}", email))
    return id


def cashier_name(provider: DemoProvider) -> str:
    return {"bazen": "Květa Poláková", "kino": "Robin Hlaváč", "sova": "Ilona Ježková"}.get(provider.key, "Soňa Bílá")


def _provider(world: World, batch: Batch, provider: DemoProvider, owner: str) -> None:
    city, since = provider.city, _since(world, provider)
    approver = world.colleague(city, "owner").id
    waits = _waits(provider)
    state: ProviderState = "in_review" if waits else "active"
    noun = Provider(
        id=provider.id,
        ico=provider.ico,
        name=provider.name,
        legal_form=provider.legal_form,
        seat=provider.branches[0].address,
        contact=ProviderContact(
            provider.owner, "" if provider.only_phone else f"info@{provider.mail}.example", "+420 999 111 222"
        ),
        state=state,
        registered_at=since,
        registered_by=owner,
        about=provider.about,
        categories=provider.categories,
        branches=provider.branches,
        vat_payer=provider.vat_payer,
        account_version=0 if waits else 1,
        account_pending=1 if waits else 0,
        accounts=1,
        founded_organisation=provider.key == "mc",
    )
    decided = {} if waits else {"decided_by": approver, "decided_at": since + timedelta(days=3)}
    account = Account(1, provider.account, "pending" if waits else "approved", owner, since, **decided)  # type: ignore[arg-type]
    batch.add(*providers.add(city, noun), providers.add_account(city, provider.id, account))
    batch.add(*(providers.note(city, provider.id, event) for event in _events(world, provider, owner)))
    for key in provider.takes:
        batch.add(providers.add_part(city, _part(world, provider, key, state, owner)))


def _waits(provider: DemoProvider) -> bool:
    """Lípa's agreement is signed and not published; Judo asks Podlesí, which has not decided."""
    return provider.key == "lipa" or (provider.key == "judo" and provider.city == PODLESI)


def _events(world: World, provider: DemoProvider, owner: str) -> Iterator[Event]:
    since = _since(world, provider)
    yield Event(since, owner, "signed_up")
    if not _waits(provider):
        yield Event(since + timedelta(days=3), world.colleague(provider.city, "owner").id, "part_approved")


def _part(world: World, provider: DemoProvider, key: str, state: ProviderState, owner: str) -> Part:
    programme = world.programme(key)
    asked_at = max(_since(world, provider), _made_at(world, programme) + timedelta(days=3))
    signed_on = asked_at.date() + timedelta(days=2)
    unpublished = provider.key == "lipa"
    undecided = provider.key == "judo" and provider.city == PODLESI
    part_state: PartState = "in_review" if unpublished or undecided else "active"
    agreement = Agreement(f"SML-{provider.ico[-4:]}/{signed_on.year}", signed_on, must_be_published=unpublished)
    return Part(
        provider=provider.id,
        programme=programme_id(world, programme),
        state=part_state,
        provider_state=state,
        asked_at=asked_at,
        asked_by=owner,
        agreement=None if undecided else agreement,
        decided_by="" if undecided else world.colleague(provider.city, "owner").id,
        decided_at=None if undecided else asked_at + timedelta(days=2),
    )


# Tills


def till_id(world: World, provider: DemoProvider, place: int) -> str:
    return made_id(_since(world, provider), "till", provider.city, provider.key, place)


def _tills(world: World, batch: Batch, provider: DemoProvider, owner: str) -> None:
    since = _since(world, provider) + timedelta(days=4)
    for place, name in enumerate(provider.tills):
        branch = provider.branches[place % len(provider.branches)]
        batch.add(
            vouchers.new_till(
                provider.city,
                Till(
                    id=till_id(world, provider, place),
                    provider=provider.id,
                    branch=branch.id,
                    name=name,
                    token_digest=secret("till", provider.key, place).hex(),
                    paired_by=owner,
                    paired_at=since + timedelta(minutes=place),
                ),
            )
        )
    if provider.key in PAIRED_BY_NEWCOMER:
        pairing = Pairing(
            provider.id,
            provider.branches[0].id,
            "Pokladna z ukázky",
            owner,
            world.morning + timedelta(days=PAIRING_DAYS),
        )
        batch.add(vouchers.new_pairing(provider.city, codes.digest_of(pairing_code(provider.key)), pairing))


PAIRED_BY_NEWCOMER = ("bazen", "sova", "mc")
"""Providers whose pairing code stands on the start page."""


def pairing_code(provider: str) -> str:
    return codes.pairing_code(secret("pairing", provider))


# The offer


def write_offer(world: World, batch: Batch) -> None:
    """Activities and sessions. Places that the demo's own orders will take are free before they do."""
    taken = _taken(world.told)
    for made in world.activities:
        sessions = tuple(replace(s, places=min(s.places + taken.get(s.id, 0), s.capacity)) for s in made.sessions)
        batch.add(*offers.add(made.provider.city, Offer(made.activity, sessions)))


def _taken(told: tuple[Applied, ...]) -> dict[str, int]:
    """How many places the living orders hold in the end."""
    found: dict[str, int] = {}
    for applied in told:
        for order in applied.ordered:
            if order.end in ("payable", "held", "requested"):
                found[order.session.id] = found.get(order.session.id, 0) + 1
    return found
