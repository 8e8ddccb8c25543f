"""Doors to providers: for anyone, for their own people, for the town."""

import re
from datetime import date, datetime
from typing import Annotated, Any, Literal

from pydantic import Field, StringConstraints

from chalicelib.core.clock import Instant
from chalicelib.core.edits import Patch
from chalicelib.core.gate import (
    ADMIN,
    ANYONE,
    CASHIER,
    CLERK,
    FINANCE,
    OWNER,
    PROGRAMME_OWNER,
    STAFF,
    Who,
)
from chalicelib.core.http import Api, Call
from chalicelib.core.mending import matching
from chalicelib.core.money import CURRENCY
from chalicelib.core.shapes import ONE_LINE, Day, Email, Id, Line, MaybeRuianCode, PageQuery, Shape, Short, Text
from chalicelib.money.programmes import service as programmes
from chalicelib.money.providers import service
from chalicelib.money.providers.model import (
    CATEGORIES_MAX,
    Account,
    AccountState,
    Agreement,
    Branch,
    CallBack,
    Category,
    Event,
    HoldReason,
    LegalForm,
    Part,
    PartState,
    Provider,
    ProviderContact,
    ProviderState,
    SignUp,
    held,
    missing,
)
from chalicelib.town.people import service as people
from chalicelib.town.towns import service as towns

api = Api("providers")

APPROVERS = (ADMIN, PROGRAMME_OWNER, CLERK)
"""Who takes providers into programmes."""
THEIR_OWN = (OWNER, CASHIER)
SUBJECTS = (*STAFF, *THEIR_OWN)

type Ico = Annotated[str, matching(r"^[0-9]{8}$", "IČO má osm číslic.", "A company number has eight digits.")]
type ProviderPhone = Annotated[
    str,
    matching(
        r"^[+0-9 ]*$",
        "Napište telefon číslicemi, například +420 601 234 567.",
        "Write the phone in digits, for example +420 601 234 567.",
        strip_whitespace=True,
        max_length=30,
    ),
]
type Web = Annotated[
    str,
    matching(
        r"^(https?://\S+)?$",
        "Napište adresu webu celou, začíná https://.",
        "Write the whole address of the site, it begins with https://.",
        max_length=200,
    ),
    ONE_LINE,
]
type Categories = Annotated[tuple[Category, ...], Field(max_length=CATEGORIES_MAX, strict=False)]


class CompanyShape(Shape):
    """What the business register says of a company number."""

    ico: str
    name: str
    seat: str
    legal_form: LegalForm
    vat_payer: bool
    ended_on: date | None


class ProviderContactShape(Shape):
    name: Line
    email: Email
    phone: ProviderPhone = ""
    web: Web = ""


class ProviderContactSeen(Shape):
    """A contact as it stands. One who is reached by telephone alone has no e-mail."""

    name: str
    email: str
    phone: str
    web: str


class SignUpShape(Shape):
    """A provider that signs up. Name, seat and legal form count only where the register gives none."""

    ico: Ico
    contact: ProviderContactShape
    name: Short = ""
    seat: Short = ""
    legal_form: LegalForm = "other"
    about: Text = ""
    categories: Categories = ()

    def noun(self) -> SignUp:
        contact = ProviderContact(**self.contact.model_dump())
        return SignUp(self.ico, contact, self.name, self.seat, self.legal_form, self.about, self.categories)


class ProviderPatch(Patch):
    contact: ProviderContactShape | None = None
    about: Text | None = None
    categories: Categories | None = None


class NewBranch(Shape):
    name: Line
    address: Line
    address_code: MaybeRuianCode = ""
    phone: ProviderPhone = ""

    def noun(self, id: str = "") -> Branch:
        return Branch(id, self.name, self.address, self.address_code, self.phone)


class ProviderBranchShape(Shape):
    id: str
    name: str
    address: str
    address_code: str
    phone: str
    closed: bool


class VatMarkShape(Shape):
    since: date
    passed: bool


class ProviderShape(Shape):
    """A provider for its own people and for the town; `v` is its version for If-Match.

    `missing` is what it must add before it can join a programme; `held` why its payouts wait.
    """

    id: str
    ico: str
    name: str
    legal_form: LegalForm
    seat: str
    contact: ProviderContactSeen
    state: ProviderState
    state_reason: str
    registered_at: datetime
    about: str
    categories: tuple[Category, ...]
    branches: tuple[ProviderBranchShape, ...]
    vat_payer: bool
    vat_mark: VatMarkShape | None
    account_version: int
    account_pending: int
    payout_hold: str
    founded_organisation: bool
    missing: tuple[str, ...]
    held: HoldReason | None
    v: int

    @classmethod
    def of(cls, noun: object) -> "ProviderShape":
        assert isinstance(noun, Provider)
        mark = noun.vat_mark
        return cls(
            id=noun.id,
            ico=noun.ico,
            name=noun.name,
            legal_form=noun.legal_form,
            seat=noun.seat,
            contact=ProviderContactSeen.of(noun.contact),
            state=noun.state,
            state_reason=noun.state_reason,
            registered_at=noun.registered_at,
            about=noun.about,
            categories=noun.categories,
            branches=tuple(ProviderBranchShape.of(branch) for branch in noun.branches),
            vat_payer=noun.vat_payer,
            vat_mark=VatMarkShape(since=mark.since, passed=bool(mark.passed_by)) if mark else None,
            account_version=noun.account_version,
            account_pending=noun.account_pending,
            payout_hold=noun.payout_hold,
            founded_organisation=noun.founded_organisation,
            missing=missing(noun),
            held=held(noun),
            v=noun.v,
        )


class ProvidersShape(Shape):
    items: tuple[ProviderShape, ...]
    next: str | None = None


class PublicProviderShape(Shape):
    """A provider as anyone sees it: where to spend."""

    id: str
    name: str
    about: str
    categories: tuple[Category, ...]
    phone: str
    web: str
    branches: tuple[ProviderBranchShape, ...]

    @classmethod
    def of(cls, noun: object) -> "PublicProviderShape":
        assert isinstance(noun, Provider)
        return cls(
            id=noun.id,
            name=noun.name,
            about=noun.about,
            categories=noun.categories,
            phone=noun.contact.phone,
            web=noun.contact.web,
            branches=tuple(ProviderBranchShape.of(branch) for branch in noun.open_branches),
        )


class PublicProvidersShape(Shape):
    items: tuple[PublicProviderShape, ...]
    next: str | None = None


class ProvidersQuery(PageQuery):
    state: ProviderState | None = None
    text: Annotated[str, StringConstraints(strip_whitespace=True, max_length=100), ONE_LINE] = ""
    to_do: Annotated[bool, Field(strict=False)] = False


class OwedShape(Shape):
    """What is owed and not yet in a payout, and why payouts wait (null: they do not)."""

    owed_minor: int
    currency: str = CURRENCY
    movements: int
    held: HoldReason | None


class NewAccount(Shape):
    number: Annotated[str, StringConstraints(strip_whitespace=True, max_length=30), ONE_LINE]


class CallBackShape(Shape):
    """Whom the town called about the account, and on which number: one that it knew before."""

    name: Line
    phone: Annotated[str, StringConstraints(strip_whitespace=True, pattern=r"^\+?[0-9 ]{9,20}$")]
    at: Instant

    def noun(self) -> CallBack:
        return CallBack(self.name, self.phone, self.at)


class AccountApproval(Shape):
    called: CallBackShape


class AccountShape(Shape):
    version: int
    number: str
    state: AccountState
    changed_at: datetime
    changed_by: str
    changed_by_name: str = ""
    decided_at: datetime | None
    decided_by_name: str = ""
    called: CallBackShape | None = None


class AccountsShape(Shape):
    items: tuple[AccountShape, ...]
    next: str | None = None


class NewPart(Shape):
    programme: Id


class AgreementSeen(Shape):
    reference: str
    signed_on: date
    must_be_published: bool
    published_on: date | None


class AgreementShape(Shape):
    """The contract; one that must be published takes effect by its publication in the register of contracts."""

    reference: Line
    signed_on: Day
    must_be_published: bool = False
    published_on: Day | None = None

    def noun(self) -> Agreement:
        return Agreement(self.reference, self.signed_on, self.must_be_published, self.published_on)


class PartShape(Shape):
    programme: str
    programme_name: str
    state: PartState
    open: bool
    asked_at: datetime
    agreement: AgreementSeen | None
    reason: str
    decided_at: datetime | None
    v: int


class PartsShape(Shape):
    items: tuple[PartShape, ...]
    next: str | None = None


class Approval(Shape):
    agreement: AgreementShape


class Publication(Shape):
    published_on: Day


class PartMove(Shape):
    """Decline, suspend, resume or end a part; the provider is told the reason."""

    verb: Literal["decline", "suspend", "resume", "end"]
    reason: Line


class StateChange(Shape):
    state: Literal["suspended", "active", "ended"]
    reason: Line


class FoundedBody(Shape):
    """Whether the provider is the town's own organisation."""

    founded: bool


class PayoutHold(Shape):
    """Why payouts wait; an empty reason lets them go on."""

    reason: Short


class VatMarkChange(Shape):
    """From when the tax register marks the provider as an unreliable VAT payer; null: it does not."""

    since: Day | None


class Member(Shape):
    person: str
    name: str
    email: str
    role: str


class MembersShape(Shape):
    items: tuple[Member, ...]
    next: str | None = None


class NewMember(Shape):
    email: Email
    role: Literal["owner", "cashier"]


class EventShape(Shape):
    at: datetime
    by_name: str
    what: str
    note: str


class EventsShape(Shape):
    items: tuple[EventShape, ...]
    next: str | None = None


# For anyone


@api.get("/cities/{city}/companies/{id}", allow=ANYONE)
def get_company(call: Call) -> CompanyShape:
    """Look a company number up. Refusals: ico_invalid, company_unknown, company_register_unavailable, too_many_tries."""
    towns.town(call.city)
    return CompanyShape.of(service.company(call.id, call.ip))


@api.post("/cities/{city}/providers", allow=ANYONE, status=201)
def sign_up(call: Call[SignUpShape]) -> ProviderShape:
    """Sign a provider up. Who is signed in becomes its owner, else an invitation goes to the contact.

    Refusals: ico_invalid, company_unknown, company_ended, company_data_needed, already_signed_up, too_many_tries.
    """
    towns.town(call.city)
    return ProviderShape.of(service.sign_up(call.city, call.who, call.body.noun(), call.ip))


@api.get("/cities/{city}/programmes/{id}/providers", allow=ANYONE)
def list_programme_providers(call: Call[None, PageQuery]) -> PublicProvidersShape:
    """Where a programme's contribution can be spent."""
    page = service.public_page(call.city, call.id, call.query.limit, call.query.cursor)
    return PublicProvidersShape(items=tuple(PublicProviderShape.of(p) for p in page.items), next=page.next)


# For the provider's people and the town


@api.get("/cities/{city}/providers", allow=SUBJECTS)
def list_providers(call: Call[None, ProvidersQuery]) -> ProvidersShape:
    """The town's providers by name; for a provider's people, their own ones."""
    if call.who.holds(call.city, STAFF):
        query = call.query
        page = service.listed(call.city, query.limit, query.cursor, query.state or "", query.text, query.to_do)
        return ProvidersShape(items=tuple(ProviderShape.of(p) for p in page.items), next=page.next)
    own = service.providers(call.city, list(call.who.providers.get(call.city, {})))
    return ProvidersShape(items=tuple(ProviderShape.of(p) for p in own.values()))


@api.get("/cities/{city}/providers/{id}", allow=SUBJECTS)
def get_provider(call: Call) -> ProviderShape:
    """A provider with everything that its people and the town know of it."""
    _subject(call.city, call.id, call.who)
    return ProviderShape.of(service.provider(call.city, call.id))


@api.patch("/cities/{city}/providers/{id}", allow=OWNER, edits=True)
def patch_provider(call: Call[ProviderPatch]) -> ProviderShape:
    """Change contact, text and categories. Name and seat come from the register. Refusals: changed_meanwhile."""
    service.check_member(call.city, call.id, call.who, OWNER)
    return ProviderShape.of(service.amend(call.city, call.id, call.version, call.who.id, call.body.changes()))


@api.post("/cities/{city}/providers/{id}/branches", allow=OWNER, status=201)
def add_branch(call: Call[NewBranch]) -> ProviderShape:
    """Add a branch. Refusals: list_full."""
    service.check_member(call.city, call.id, call.who, OWNER)
    return ProviderShape.of(service.add_branch(call.city, call.id, call.body.noun(), call.who.id))


@api.put("/cities/{city}/providers/{id}/branches/{line}", allow=OWNER, edits=True)
def put_branch(call: Call[NewBranch]) -> ProviderShape:
    """Change a branch, under the provider's version. Refusals: branch_unknown, changed_meanwhile."""
    service.check_member(call.city, call.id, call.who, OWNER)
    branch = call.body.noun(call.path["line"])
    return ProviderShape.of(service.amend_branch(call.city, call.id, call.version, branch, call.who.id))


@api.delete("/cities/{city}/providers/{id}/branches/{line}", allow=OWNER)
def close_branch(call: Call) -> ProviderShape:
    """Close a branch; its past stays in the books. Refusals: branch_unknown."""
    service.check_member(call.city, call.id, call.who, OWNER)
    return ProviderShape.of(service.close_branch(call.city, call.id, call.path["line"], call.who.id))


@api.get("/cities/{city}/providers/{id}/accounts", allow=(*STAFF, OWNER))
def list_accounts(call: Call) -> AccountsShape:
    """All versions of the bank account, newest first."""
    _subject(call.city, call.id, call.who, OWNER)
    found = service.accounts(call.city, call.id)
    names = people.names([person for a in found for person in (a.changed_by, a.decided_by) if person])
    return AccountsShape(items=tuple(_account(account, names) for account in found))


@api.post("/cities/{city}/providers/{id}/accounts", allow=OWNER, status=201)
def change_account(call: Call[NewAccount]) -> AccountShape:
    """Enter a new account; payouts wait until the town approves it.

    Refusals: provider_account_invalid, same_account, account_change_pending.
    """
    service.check_member(call.city, call.id, call.who, OWNER)
    return _account(service.change_account(call.city, call.id, call.body.number, call.who.id), {})


@api.post("/cities/{city}/providers/{id}/accounts/{line}/approval", allow=FINANCE)
def approve_account(call: Call[AccountApproval]) -> AccountShape:
    """A second person lets the new account be used, after a call to a number that the town knew before.

    Refusals: call_impossible, account_change_decided, signer_not_verified, same_person_signs, conflict_of_interest.
    """
    called = call.body.called.noun()
    return _account(service.approve_account(call.city, call.id, _version(call), called, call.who), {})


@api.post("/cities/{city}/providers/{id}/accounts/{line}/refusal", allow=FINANCE)
def refuse_account(call: Call) -> AccountShape:
    """The new account is not used; the old one stays.

    Refusals: account_change_decided, signer_not_verified, same_person_signs, conflict_of_interest.
    """
    return _account(service.refuse_account(call.city, call.id, _version(call), call.who), {})


@api.get("/cities/{city}/providers/{id}/owed", allow=(*STAFF, OWNER))
def get_owed(call: Call) -> OwedShape:
    """What the next payout would bring."""
    _subject(call.city, call.id, call.who, OWNER)
    provider = service.provider(call.city, call.id)
    owed_minor, movements = service.owed(call.city, call.id)
    return OwedShape(owed_minor=owed_minor, movements=movements, held=held(provider))


@api.get("/cities/{city}/providers/{id}/parts", allow=SUBJECTS)
def list_parts(call: Call) -> PartsShape:
    """The provider's part in programmes, oldest first."""
    _subject(call.city, call.id, call.who)
    return PartsShape(items=tuple(_part(call, part) for part in service.parts(call.city, call.id)))


@api.post("/cities/{city}/providers/{id}/parts", allow=OWNER, status=201)
def join(call: Call[NewPart]) -> PartShape:
    """Ask to take part in a programme. Refusals: provider_incomplete, already_joined, programme_unknown."""
    service.check_member(call.city, call.id, call.who, OWNER)
    return _part(call, service.join(call.city, call.id, call.body.programme, call.who.id))


@api.post("/cities/{city}/providers/{id}/parts/{line}/approval", allow=APPROVERS)
def approve_part(call: Call[Approval]) -> PartShape:
    """Take the provider into a programme. Refusals: part_decided, conflict_of_interest."""
    agreement = call.body.agreement.noun()
    return _part(call, service.approve(call.city, call.id, call.path["line"], agreement, call.who.id))


@api.post("/cities/{city}/providers/{id}/parts/{line}/publication", allow=APPROVERS)
def publish_agreement(call: Call[Publication]) -> PartShape:
    """The agreement was published, so it takes effect. Refusals: part_decided."""
    line, day = call.path["line"], call.body.published_on
    return _part(call, service.publish_agreement(call.city, call.id, line, day, call.who.id))


@api.post("/cities/{city}/providers/{id}/parts/{line}/state", allow=APPROVERS)
def move_part(call: Call[PartMove]) -> PartShape:
    """Decline, suspend, resume or end a part. Refusals: part_decided."""
    moved = service.move(call.city, call.id, call.path["line"], call.body.verb, call.body.reason, call.who.id)
    return _part(call, moved)


@api.post("/cities/{city}/providers/{id}/state", allow=(ADMIN, PROGRAMME_OWNER))
def set_state(call: Call[StateChange]) -> ProviderShape:
    """Suspend, resume or end a provider in all programmes. Refusals: provider_state_unchanged."""
    return ProviderShape.of(service.set_state(call.city, call.id, call.body.state, call.body.reason, call.who.id))


@api.put("/cities/{city}/providers/{id}/payout-hold", allow=FINANCE)
def hold_payouts(call: Call[PayoutHold]) -> ProviderShape:
    """Make payouts wait, or let them go on."""
    return ProviderShape.of(service.hold_payouts(call.city, call.id, call.body.reason, call.who.id))


@api.put("/cities/{city}/providers/{id}/founded", allow=ADMIN)
def set_founded(call: Call[FoundedBody]) -> ProviderShape:
    """Note that the provider is the town's own organisation, settled inside the town, or that it is not."""
    return ProviderShape.of(service.set_founded(call.city, call.id, call.body.founded, call.who.id))


@api.put("/cities/{city}/providers/{id}/vat-mark", allow=FINANCE)
def mark_vat(call: Call[VatMarkChange]) -> ProviderShape:
    """Note the tax register's mark of an unreliable payer; a second person takes it away.

    Refusals: same_person_signs, signer_not_verified, conflict_of_interest.
    """
    return ProviderShape.of(service.mark_vat(call.city, call.id, call.body.since, call.who.id))


@api.post("/cities/{city}/providers/{id}/vat-mark/pass", allow=FINANCE)
def pass_vat_mark(call: Call) -> ProviderShape:
    """A second person lets payouts go on in spite of the mark. Refusals: same_person_signs, signer_not_verified."""
    return ProviderShape.of(service.pass_vat_mark(call.city, call.id, call.who.id))


@api.get("/cities/{city}/providers/{id}/events", allow=STAFF)
def list_events(call: Call) -> EventsShape:
    """What was done with the provider, newest first."""
    service.provider(call.city, call.id)
    found = service.history(call.city, call.id)
    names = people.names(list({event.by for event in found if event.by}))
    return EventsShape(items=tuple(_event(event, names) for event in found))


@api.get("/cities/{city}/providers/{id}/members", allow=(*STAFF, OWNER))
def list_members(call: Call) -> MembersShape:
    """The provider's people."""
    _subject(call.city, call.id, call.who, OWNER)
    return MembersShape(items=tuple(Member.of(member) for member in service.members(call.city, call.id)))


@api.post("/cities/{city}/providers/{id}/members", allow=OWNER, status=204)
def invite_member(call: Call[NewMember]) -> None:
    """Invite an owner or a cashier by e-mail. Refusals: list_full, too_many_tries."""
    service.check_member(call.city, call.id, call.who, OWNER)
    service.invite(call.city, call.id, call.body.email, call.body.role, call.who)


@api.delete("/cities/{city}/providers/{id}/members/{line}", allow=OWNER)
def remove_member(call: Call) -> None:
    """End somebody's role at the provider. Refusals: last_owner."""
    service.check_member(call.city, call.id, call.who, OWNER)
    service.remove_member(call.city, call.id, call.path["line"])


def _subject(city: str, provider: str, who: Who, *roles: str) -> None:
    """The town's staff see every provider of theirs, its people only their own. Raises NotFound."""
    service.provider(city, provider)
    if not who.holds(city, STAFF):
        service.check_member(city, provider, who, *roles)


def _version(call: Call[Any]) -> int:
    return int(call.path["line"]) if re.fullmatch("[0-9]{1,9}", call.path["line"]) else 0


def _account(account: Account, names: dict[str, str]) -> AccountShape:
    return AccountShape(
        version=account.version,
        number=account.number,
        state=account.state,
        changed_at=account.changed_at,
        changed_by=account.changed_by,
        changed_by_name=names.get(account.changed_by, ""),
        decided_at=account.decided_at,
        decided_by_name=names.get(account.decided_by, ""),
        called=CallBackShape(**vars(account.called)) if account.called else None,
    )


def _part(call: Call[Any], part: Part) -> PartShape:
    name = programmes.programme(call.city, part.programme).name
    return PartShape(
        programme=part.programme,
        programme_name=name.in_(call.language),
        state=part.state,
        open=part.open,
        asked_at=part.asked_at,
        agreement=AgreementSeen.of(part.agreement) if part.agreement else None,
        reason=part.reason,
        decided_at=part.decided_at,
        v=part.v,
    )


def _event(event: Event, names: dict[str, str]) -> EventShape:
    return EventShape(at=event.at, by_name=names.get(event.by, ""), what=event.what, note=event.note)
