"""The verbs of providers, and what other rooms ask about them."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

from chalicelib.commons.bank.numbers import is_account, is_ico, split_account
from chalicelib.core import tries
from chalicelib.core.clock import Instant, now
from chalicelib.core.edits import merged
from chalicelib.core.gate import NOBODY, OWNER, Who
from chalicelib.core.ids import new_id
from chalicelib.core.refusals import ChangedMeanwhile, NotFound, WrongRole
from chalicelib.core.table import PAGE_SIZE_MAX, Key, Page, Row, Write, transact
from chalicelib.core.tries import Pace
from chalicelib.money.ledger import service as ledger
from chalicelib.money.programmes import service as programmes
from chalicelib.money.providers import letters, outside, store
from chalicelib.money.providers.model import (
    BRANCHES_MAX,
    MEMBERS_MAX,
    PARTS_MAX,
    Account,
    AccountChangePending,
    Agreement,
    AlreadyJoined,
    Branch,
    CallBack,
    CallImpossible,
    Company,
    CompanyRegisterUnavailable,
    CompanyUnknown,
    Event,
    IcoInvalid,
    LastOwner,
    ListFull,
    Part,
    PartState,
    PayoutAccount,
    Provider,
    ProviderAccountInvalid,
    ProviderIncomplete,
    ProviderState,
    ProviderStateUnchanged,
    SameAccount,
    SignUp,
    VatMark,
    approve_part,
    decide_account,
    fits,
    held,
    missing,
    move_part,
    registered,
)
from chalicelib.money.providers.store import PartItem as PartItem
from chalicelib.money.providers.store import part_key
from chalicelib.town.identity import service as identity
from chalicelib.town.people import service as people
from chalicelib.town.people.model import ProviderMember

PAGES_READ_MAX = 40
LOOK_UPS_FROM_ONE_NETWORK = Pace(60, timedelta(minutes=15))
"""The register is the Ministry's and asks to be used sparingly."""
SIGN_UPS_FROM_ONE_NETWORK = Pace(20, timedelta(hours=1))


# What other rooms ask


def provider(city: str, id: str) -> Provider:
    """A provider of the town. Raises NotFound."""
    known = store.provider(city, id)
    if known is None:
        raise NotFound
    return known


def providers(city: str, ids: Sequence[str]) -> dict[str, Provider]:
    """Those of the providers that exist, in one read a hundred."""
    return store.providers(city, ids)


def part_key_of(city: str, programme: str, provider: str) -> Key:
    """Where a provider's part in a programme lies: for a till's one batch read. Its item gives `noun(Part)`."""
    return part_key(city, programme, provider)


def part_in(city: str, programme: str, provider: str) -> PartState | None:
    """The state of a provider's part in a programme, None if it never asked. A suspended provider's is `suspended`."""
    part = store.part(city, programme, provider)
    if part is None:
        return None
    return "suspended" if part.state == "active" and not part.open else part.state


def takes_part(city: str, programme: str, provider: str) -> bool:
    """Whether the provider may accept contributions of the programme now."""
    part = store.part(city, programme, provider)
    return part is not None and part.open


def providers_of(city: str, programme: str) -> list[Provider]:
    """The providers that may accept contributions of the programme now, by name."""
    ids = [part.provider for part in store.parts_in(city, programme) if part.open]
    return sorted(store.providers(city, ids).values(), key=lambda provider: provider.name)


def programmes_of(city: str, provider: str) -> list[str]:
    """The programmes whose contributions the provider may accept now."""
    return [part.programme for part in store.parts(city, provider) if part.open]


def account_for_payout(city: str, provider_id: str) -> PayoutAccount:
    """Where a payout goes and why it must wait. While a change waits, the number is still the approved one."""
    known = provider(city, provider_id)
    if known.founded_organisation:
        return PayoutAccount("", 0, held(known), inside=True)
    account = store.account(city, provider_id, known.account_version) if known.account_version else None
    return PayoutAccount(account.number if account else "", known.account_version, held(known))


def owed(city: str, provider_id: str) -> tuple[int, int]:
    """(haléře, movements): what the provider is owed and no payout has taken yet; of very many, the oldest."""
    total_minor, movements, cursor = 0, 0, None
    for _ in range(PAGES_READ_MAX):
        transfers, cursor = ledger.unsettled(city, provider_id, PAGE_SIZE_MAX, cursor)
        total_minor += sum(transfer.payable_minor for transfer in transfers)
        movements += len(transfers)
        if cursor is None:
            break
    return total_minor, movements


def who_changed_account(city: str, provider_id: str, version: int) -> str:
    """Who entered a version of the account: they may neither approve it nor release a payout to it."""
    account = store.account(city, provider_id, version)
    return account.changed_by if account else ""


def has_account(city: str, provider_id: str, version: int) -> Account:
    """A version of a provider's account: what a payout line used. Raises NotFound."""
    account = store.account(city, provider_id, version)
    if account is None:
        raise NotFound
    return account


def check_member(city: str, provider: str, who: Who, *roles: str) -> None:
    """Raises NotFound for who is not with this provider, as if it did not exist; WrongRole if the role is another."""
    role = who.role_at(city, provider)
    if role is None:
        raise NotFound
    if roles and role not in roles:
        raise WrongRole


# Signing up


def company(ico: str, ip: str) -> Company:
    """What the business register says, to anybody.

    Raises IcoInvalid, CompanyUnknown, CompanyRegisterUnavailable, TooManyTries.
    """
    tries.count("company", tries.network_of(ip), LOOK_UPS_FROM_ONE_NETWORK, now())
    return _company(ico)


def _company(ico: str) -> Company:
    if not is_ico(ico):
        raise IcoInvalid
    found = outside.register().company(ico)
    if found is None:
        raise CompanyUnknown
    return found


def sign_up(city: str, who: Who, filled: SignUp, ip: str) -> Provider:
    """Register a provider. A signed-in person becomes its owner; anybody else is invited at the contact's e-mail.

    Raises IcoInvalid, CompanyUnknown, CompanyEnded, CompanyDataNeeded, AlreadySignedUp, TooManyTries.
    """
    at = now()
    tries.count("provider-sign-up", tries.network_of(ip), SIGN_UPS_FROM_ONE_NETWORK, at)
    known_company = _company_or_typed(filled.ico)
    made = registered(filled, known_company, new_id(), at, who.id)
    writes = [*store.add(city, made), store.note(city, made.id, Event(at, who.id, "signed_up"))]
    if who is not NOBODY:
        writes.append(people.give_provider_role(city, who.id, made.id, OWNER))
    transact(writes)
    if who is NOBODY:
        invite(city, made.id, made.contact.email, OWNER, who)
    return made


def _company_or_typed(ico: str) -> Company | None:
    try:
        return _company(ico)
    except CompanyRegisterUnavailable:
        return None


def amend(city: str, id: str, seen: int, by: str, changes: Mapping[str, Any]) -> Provider:
    """Change what a provider says of itself. Raises ChangedMeanwhile."""
    return _save(city, merged(_seen(city, id, seen), changes), by, "amended")


def _seen(city: str, id: str, seen: int) -> Provider:
    known = provider(city, id)
    if known.v != seen:
        raise ChangedMeanwhile
    return known


def _save(city: str, changed: Provider, by: str, what: str, note: str = "", also: Iterable[Write] = ()) -> Provider:
    """Write the provider over the version it was read at, with a line of its history."""
    transact([store.save(city, changed), store.note(city, changed.id, Event(now(), by, what, note)), *also])
    return replace(changed, v=changed.v + 1)


# Branches


def add_branch(city: str, id: str, branch: Branch, by: str) -> Provider:
    """Raises ListFull."""
    known = provider(city, id)
    if len(known.open_branches) >= BRANCHES_MAX:
        raise ListFull(BRANCHES_MAX)
    added = replace(known, branches=(*known.branches, replace(branch, id=new_id())))
    return _save(city, added, by, "branch_added", branch.name)


def amend_branch(city: str, id: str, seen: int, branch: Branch, by: str) -> Provider:
    """Raises BranchUnknown, ChangedMeanwhile."""
    known = _seen(city, id, seen)
    known.branch(branch.id)
    branches = tuple(branch if b.id == branch.id else b for b in known.branches)
    return _save(city, replace(known, branches=branches), by, "branch_amended", branch.name)


def close_branch(city: str, id: str, branch: str, by: str) -> Provider:
    """A closed branch stays in the books but nobody can choose it. Raises BranchUnknown."""
    known = provider(city, id)
    closed = replace(known.branch(branch), closed=True)
    branches = tuple(closed if b.id == branch else b for b in known.branches)
    return _save(city, replace(known, branches=branches), by, "branch_closed", closed.name)


# The bank account


def accounts(city: str, id: str) -> list[Account]:
    """All versions of the account, newest first."""
    return store.accounts(city, id)


def change_account(city: str, id: str, number: str, by: str) -> Account:
    """Enter a new account. Payouts wait until a second person at the town approves it; the contact is told.

    Raises ProviderAccountInvalid, SameAccount, AccountChangePending.
    """
    parts = split_account(number)
    if parts is None or not is_account(*parts):
        raise ProviderAccountInvalid
    known = provider(city, id)
    if known.account_pending:
        raise AccountChangePending
    number = "".join(number.split())
    if known.account_version and has_account(city, id, known.account_version).number == number:
        raise SameAccount
    account = Account(known.accounts + 1, number, "pending", by, now())
    changed = replace(known, accounts=account.version, account_pending=account.version)
    first = not known.account_version
    told = () if first else letters.account_changed(city, known, account)
    _save(city, changed, by, "account_changed", also=[store.add_account(city, id, account), *told])
    return account


def approve_account(city: str, id: str, version: int, called: CallBack, by: Who) -> Account:
    """A second person of the town lets a new account be used, once they have called somebody whom they knew before.

    Raises CallImpossible and what deciding raises.
    """
    at = now()
    if not has_account(city, id, version).changed_at <= called.at <= at:
        raise CallImpossible
    return _decide_account(city, id, version, True, by, at, called)


def refuse_account(city: str, id: str, version: int, by: Who) -> Account:
    """The new account is not used; the one before stays."""
    return _decide_account(city, id, version, False, by, now(), None)


def _decide_account(
    city: str, id: str, version: int, approve: bool, by: Who, at: Instant, called: CallBack | None
) -> Account:
    """The decision, its leaf in the day's seal, and the owners are told.

    Raises AccountChangeDecided, SignerNotVerified, SamePersonSigns, ConflictOfInterest, NotFound.
    """
    known, account = provider(city, id), has_account(city, id, version)
    identity.check_signature(city, by.id, account.changed_by)
    _check_impartial(city, id, by.id)
    decided = decide_account(known, account, approve, by.id, at, called)
    changed = replace(known, account_pending=0, account_version=version if approve else known.account_version)
    name, why = f"{id}.account.{version}", called.text if called else ""
    leaf = ledger.leaf(city, name, "provider_account", id, decided.state, by=by.id, via=by.app, reason=why, at=at)
    also = [store.save_account(city, id, decided), leaf, *letters.account_decided(city, known, decided)]
    _save(city, changed, by.id, f"account_{decided.state}", why, also)
    return replace(decided, v=decided.v + 1)


# Parts in programmes


def parts(city: str, id: str) -> list[Part]:
    """The provider's parts in programmes, oldest first."""
    return store.parts(city, id)


def join(city: str, id: str, programme: str, by: str) -> Part:
    """Ask the town to take part in a programme. Raises ProviderIncomplete, AlreadyJoined, ProgrammeUnknown."""
    programmes.public_programme(city, programme)
    known = provider(city, id)
    if lacking := missing(known):
        raise ProviderIncomplete(lacking)
    held_parts = store.parts(city, id)
    if len(held_parts) >= PARTS_MAX:
        raise ListFull(PARTS_MAX)
    state: ProviderState = "in_review" if known.state == "registered" else known.state
    if state in ("suspended", "ended"):
        raise ProviderStateUnchanged
    part = Part(id, programme, "in_review", state, now(), by)
    earlier = next((p for p in held_parts if p.programme == programme), None)
    if earlier and earlier.state not in ("declined", "ended"):
        raise AlreadyJoined
    write = store.save_part(city, replace(part, v=earlier.v)) if earlier else store.add_part(city, part)
    _save(
        city,
        replace(known, state=state),
        by,
        "asked_to_join",
        programme,
        [write, *_with_state(city, id, state, held_parts, programme)],
    )
    return replace(part, v=earlier.v + 1 if earlier else 1)


def approve(city: str, id: str, programme: str, agreement: Agreement, by: str) -> Part:
    """Take a provider into a programme; with its first one it becomes active. Its account is approved apart, by finance.

    Raises PartDecided, ConflictOfInterest, NotFound.
    """
    _check_impartial(city, id, by)
    known, part = provider(city, id), _part(city, id, programme)
    approved = approve_part(part, agreement, by, now())
    becomes_active = approved.state == "active" and known.state in ("registered", "in_review")
    changed = replace(known, state="active") if becomes_active else known
    approved = replace(approved, provider_state=changed.state)
    also = [
        store.save_part(city, approved),
        *_with_state(city, id, changed.state, store.parts(city, id), programme),
        *letters.part_decided(city, known, approved, programmes.programme(city, programme).name.cs),
    ]
    _save(city, changed, by, "part_approved", programme, also)
    return replace(approved, v=part.v + 1)


def _part(city: str, id: str, programme: str) -> Part:
    part = store.part(city, programme, id)
    if part is None:
        raise NotFound
    return part


def publish_agreement(city: str, id: str, programme: str, published_on: date, by: str) -> Part:
    """The agreement is in the register of contracts, so it takes effect. Raises PartDecided."""
    part = _part(city, id, programme)
    if part.agreement is None:
        raise NotFound
    return approve(city, id, programme, replace(part.agreement, published_on=published_on), by)


def move(city: str, id: str, programme: str, verb: str, reason: str, by: str) -> Part:
    """Decline, suspend, resume or end a part. Raises PartDecided, ConflictOfInterest."""
    _check_impartial(city, id, by)
    known, part = provider(city, id), _part(city, id, programme)
    moved = move_part(part, verb, reason, by, now())
    name = programmes.programme(city, programme).name.cs
    told = letters.part_decided(city, known, moved, name)
    note = store.note(city, id, Event(now(), by, f"part_{moved.state}", f"{programme}: {reason}"))
    transact([store.save_part(city, moved), note, *told])
    return replace(moved, v=part.v + 1)


def _with_state(city: str, id: str, state: ProviderState, held_parts: Sequence[Part], but: str = "") -> list[Write]:
    """The provider's other parts follow its state: a till reads the part alone."""
    return [
        store.save_part(city, replace(part, provider_state=state))
        for part in held_parts
        if part.programme != but and part.provider_state != state
    ]


# The town's hand


def _check_impartial(city: str, id: str, by: str) -> None:
    """Of a provider decides nobody who works there, or whose family does. Raises ConflictOfInterest."""
    identity.check_impartial(city, by, providers=[id])


def set_state(city: str, id: str, state: ProviderState, reason: str, by: str) -> Provider:
    """Suspend, resume or end a provider; all its parts follow in the same transaction.

    Raises ProviderStateUnchanged, ConflictOfInterest.
    """
    _check_impartial(city, id, by)
    known = provider(city, id)
    allowed: dict[ProviderState, tuple[ProviderState, ...]] = {
        "suspended": ("active",),
        "active": ("suspended",),
        "ended": ("registered", "in_review", "active", "suspended"),
    }
    if known.state not in allowed.get(state, ()):
        raise ProviderStateUnchanged
    changed = replace(known, state=state, state_reason=reason)
    also = _with_state(city, id, state, store.parts(city, id))
    if state == "ended":
        also.append(store.free_ico(city, known))
    also.extend(letters.state_changed(city, changed))
    return _save(city, changed, by, state, reason, also)


def hold_payouts(city: str, id: str, reason: str, by: str) -> Provider:
    """Make payouts wait by the town's decision; an empty reason lets them go on. Raises ConflictOfInterest."""
    _check_impartial(city, id, by)
    known = provider(city, id)
    return _save(city, replace(known, payout_hold=reason), by, "payouts_held" if reason else "payouts_released", reason)


def set_founded(city: str, id: str, founded: bool, by: str) -> Provider:
    """Note that a provider is the town's own organisation, settled inside the town, or that it is not. Raises ConflictOfInterest."""
    _check_impartial(city, id, by)
    known = provider(city, id)
    what = "founded_by_town" if founded else "not_founded_by_town"
    return _save(city, replace(known, founded_organisation=founded), by, what)


def mark_vat(city: str, id: str, since: date | None, by: str) -> Provider:
    """Note the tax register's mark of an unreliable payer, for which payouts wait, or take it away.

    What lets payouts go on needs a second person, a mark taken away too. Raises SignerNotVerified, SamePersonSigns,
    ConflictOfInterest.
    """
    _check_impartial(city, id, by)
    known = provider(city, id)
    if known.vat_mark and not since:
        identity.check_signature(city, by, known.vat_mark.marked_by)
    mark = VatMark(since, by) if since else None
    return _save(city, replace(known, vat_mark=mark), by, "vat_marked" if mark else "vat_unmarked")


def pass_vat_mark(city: str, id: str, by: str) -> Provider:
    """A second person looked and lets payouts go on. Raises SignerNotVerified, SamePersonSigns, ConflictOfInterest."""
    known = provider(city, id)
    if known.vat_mark is None:
        raise NotFound
    identity.check_signature(city, by, known.vat_mark.marked_by)
    _check_impartial(city, id, by)
    return _save(city, replace(known, vat_mark=replace(known.vat_mark, passed_by=by)), by, "vat_mark_passed")


def history(city: str, id: str) -> list[Event]:
    """What was done with the provider, newest first, a hundred lines at most."""
    return store.history(city, id)


def listed(
    city: str, limit: int, cursor: str | None, state: str = "", text: str = "", to_do: bool = False
) -> Page[Provider]:
    """The town's providers by name. `to_do`: those that wait for the town."""

    def wanted(card: dict[str, object]) -> bool:
        by_state = not state or card["state"] == state
        waits = not to_do or card["state"] == "in_review" or bool(card["account_pending"])
        return by_state and waits and fits(str(card["name"]), str(card["ico"]), text)

    page = _filtered(lambda left, at: store.page_by_name(city, left, at), wanted, limit, cursor)
    found = store.providers(city, page.items)
    return Page(tuple(found[id] for id in page.items if id in found), page.next)


def _filtered(
    read: Callable[[int, str | None], Page[Row]],
    wanted: Callable[[dict[str, object]], bool],
    limit: int,
    cursor: str | None,
) -> Page[str]:
    """Ids whose cards are wanted, at most `limit`; a search that finds few may give a short page with a cursor."""
    found: list[str] = []
    for _ in range(PAGES_READ_MAX):
        page = read(limit - len(found), cursor)
        found += [str(row.card["id"]) for row in page.items if wanted(row.card)]
        cursor = page.next
        if cursor is None or len(found) >= limit:
            break
    return Page(tuple(found), cursor)


def public_page(city: str, programme: str, limit: int, cursor: str | None) -> Page[Provider]:
    """Where a programme's contribution can be spent. Raises ProgrammeUnknown."""
    programmes.public_programme(city, programme)
    page = store.page_of_parts(city, programme, limit, cursor)
    ids = [part.provider for part in page.items if part.open]
    found = store.providers(city, ids)
    return Page(tuple(found[id] for id in ids if id in found), page.next)


# Members


def members(city: str, id: str) -> list[ProviderMember]:
    return people.provider_members(city, id)


def invite(city: str, id: str, email: str, role: str, by: Who) -> None:
    """Offer a role at the provider by e-mail. Raises ListFull, TooManyTries."""
    known = provider(city, id)
    if len(people.provider_members(city, id)) >= MEMBERS_MAX:
        raise ListFull(MEMBERS_MAX)
    people.invite_member(city, email, by, provider=id, provider_name=known.name, role=role)


def remove_member(city: str, id: str, person: str) -> None:
    """End somebody's role at the provider. Its last owner stays. Raises NotFound, LastOwner."""
    owners = [member.person for member in people.provider_members(city, id) if member.role == OWNER]
    if owners == [person]:
        raise LastOwner
    transact([people.take_provider_role(city, person, id)])
