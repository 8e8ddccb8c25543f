"""Providers in the table. The only file that knows their keys and attributes."""

from collections.abc import Iterator, Sequence

from pynamodb.attributes import BooleanAttribute, NumberAttribute, UnicodeAttribute

from chalicelib.core.clock import to_text
from chalicelib.core.ids import new_id
from chalicelib.core.table import (
    GSI1,
    GSI2,
    InstantAttribute,
    Item,
    Key,
    NounAttribute,
    Page,
    Query,
    Row,
    Write,
    items_in,
    page_of_items,
    page_of_rows,
    put,
    put_new,
    read,
    read_many,
    remove,
    replace,
    rows_in,
)
from chalicelib.money.providers.model import (
    PARTS_MAX,
    Account,
    Agreement,
    AlreadyJoined,
    AlreadySignedUp,
    Branch,
    CallBack,
    Category,
    Event,
    Part,
    Provider,
    ProviderContact,
    VatMark,
)
from chalicelib.town.towns.model import folded

HISTORY_SHOWN_MAX = 100
ACCOUNTS_MAX = 1000


# Keys


def provider_key(city: str, provider: str) -> Key:
    """AP-190: a provider; its accounts and history lie in the same partition."""
    return Key(f"{city}#PR#{provider}", "A")


def account_key(city: str, provider: str, version: int) -> Key:
    """AP-191: a version of a provider's account; the versions in order."""
    return Key(f"{city}#PR#{provider}", f"ACC#{version:04}")


def event_key(city: str, provider: str, event: Event) -> Key:
    """AP-192: what was done with a provider, in order of time."""
    return Key(f"{city}#PR#{provider}", f"H#{to_text(event.at)}#{new_id()}")


def ico_key(city: str, ico: str) -> Key:
    """AP-193: whose company number this is: one living provider a town."""
    return Key(f"{city}#ICO#{ico}", "A")


def part_key(city: str, programme: str, provider: str) -> Key:
    """AP-194: a provider's part in a programme; a programme's parts lie together."""
    return Key(f"{city}#PP#{programme}", provider)


def providers_by_name(city: str) -> str:
    """AP-195 (GSI1): a town's providers by name."""
    return f"{city}#PROV"


def parts_of(city: str, provider: str) -> str:
    """AP-196 (GSI2): the programmes that a provider takes part in."""
    return f"{city}#PR#{provider}"


def parts_waiting(city: str) -> str:
    """AP-197 (GSI1): parts that wait for the town, oldest first."""
    return f"{city}#PPQ"


# Items


class ProviderItem(Item):
    KIND = "provider"
    id = UnicodeAttribute()
    ico = UnicodeAttribute()
    name = UnicodeAttribute()
    legal_form = UnicodeAttribute()
    seat = UnicodeAttribute()
    contact = NounAttribute[ProviderContact](ProviderContact)
    state = UnicodeAttribute()
    registered_at = InstantAttribute()
    registered_by = UnicodeAttribute()
    about = UnicodeAttribute(default="")
    categories = NounAttribute[tuple[Category, ...]](tuple[Category, ...])
    branches = NounAttribute[tuple[Branch, ...]](tuple[Branch, ...])
    vat_payer = BooleanAttribute(default=False)
    vat_mark = NounAttribute[VatMark](VatMark, null=True)
    account_version = NumberAttribute(default=0)
    account_pending = NumberAttribute(default=0)
    accounts = NumberAttribute(default=0)
    payout_hold = UnicodeAttribute(default="")
    founded_organisation = BooleanAttribute(default=False)
    state_reason = UnicodeAttribute(default="")


class AccountItem(Item):
    KIND = "provider_account"
    version = NumberAttribute()
    number = UnicodeAttribute()
    state = UnicodeAttribute()
    changed_by = UnicodeAttribute()
    changed_at = InstantAttribute()
    decided_by = UnicodeAttribute(default="")
    decided_at = InstantAttribute(null=True)
    called = NounAttribute[CallBack](CallBack, null=True)


class PartItem(Item):
    KIND = "part"
    provider = UnicodeAttribute()
    programme = UnicodeAttribute()
    state = UnicodeAttribute()
    provider_state = UnicodeAttribute()
    asked_at = InstantAttribute()
    asked_by = UnicodeAttribute()
    agreement = NounAttribute[Agreement](Agreement, null=True)
    reason = UnicodeAttribute(default="")
    decided_by = UnicodeAttribute(default="")
    decided_at = InstantAttribute(null=True)


class EventItem(Item):
    KIND = "provider_event"
    at_ = InstantAttribute(attr_name="at")
    by = UnicodeAttribute()
    what = UnicodeAttribute()
    note = UnicodeAttribute(default="")


class IcoItem(Item):
    KIND = "ico"
    provider = UnicodeAttribute()


# Writes


def _provider_item(city: str, noun: Provider) -> ProviderItem:
    card = {
        "id": noun.id,
        "name": noun.name,
        "ico": noun.ico,
        "state": noun.state,
        "legal_form": noun.legal_form,
        "account_pending": bool(noun.account_pending),
    }
    return ProviderItem.of(
        noun,
        provider_key(city, noun.id),
        gsi1_pk=providers_by_name(city),
        gsi1_sk=f"{folded(noun.name)}#{noun.id}",
        card=card,
    )


def _part_item(city: str, noun: Part) -> PartItem:
    item = PartItem.of(
        noun,
        part_key(city, noun.programme, noun.provider),
        gsi2_pk=parts_of(city, noun.provider),
        gsi2_sk=f"PP#{noun.programme}",
        card={"programme": noun.programme, "provider": noun.provider, "asked_at": to_text(noun.asked_at)},
    )
    if noun.state == "in_review":
        item.gsi1_pk, item.gsi1_sk = parts_waiting(city), f"{to_text(noun.asked_at)}#{noun.programme}#{noun.provider}"
    return item


def add(city: str, provider: Provider) -> list[Write]:
    ico = IcoItem.at(ico_key(city, provider.ico))
    ico.provider = provider.id
    return [
        put_new(ico, lambda _old: AlreadySignedUp()),
        put_new(_provider_item(city, provider), lambda _old: AlreadySignedUp()),
    ]


def free_ico(city: str, provider: Provider) -> Write:
    return remove(IcoItem.at(ico_key(city, provider.ico)), IcoItem.provider == provider.id)


def save(city: str, provider: Provider) -> Write:
    """Over the version that the noun was read at."""
    return replace(_provider_item(city, provider), provider.v)


def add_account(city: str, provider: str, account: Account) -> Write:
    item = AccountItem.of(account, account_key(city, provider, account.version))
    return put_new(item, lambda _old: AlreadySignedUp())


def save_account(city: str, provider: str, account: Account) -> Write:
    return replace(AccountItem.of(account, account_key(city, provider, account.version)), account.v)


def add_part(city: str, part: Part) -> Write:
    return put_new(_part_item(city, part), lambda _old: AlreadyJoined())


def save_part(city: str, part: Part) -> Write:
    return replace(_part_item(city, part), part.v)


def note(city: str, provider: str, event: Event) -> Write:
    item = EventItem.at(event_key(city, provider, event))
    item.at_, item.by, item.what, item.note = event.at, event.by, event.what, event.note
    return put(item)


# Reads


def provider(city: str, id: str) -> Provider | None:
    item = read(ProviderItem, provider_key(city, id))
    return item.noun(Provider) if item else None


def providers(city: str, ids: Sequence[str]) -> dict[str, Provider]:
    found = read_many([provider_key(city, id) for id in ids])
    return {noun.id: noun for noun in (item.noun(Provider) for item in found.values())}


def page_by_name(city: str, limit: int, cursor: str | None) -> Page[Row]:
    return page_of_rows(Query(providers_by_name(city), index=GSI1), limit, cursor)


def account(city: str, provider: str, version: int) -> Account | None:
    item = read(AccountItem, account_key(city, provider, version))
    return item.noun(Account) if item else None


def accounts(city: str, provider: str) -> list[Account]:
    """All versions, newest first."""
    query = Query(provider_key(city, provider).pk, begins="ACC#", descending=True)
    return [item.noun(Account) for item in items_in(query, ACCOUNTS_MAX, consistent=True)]


def part(city: str, programme: str, provider: str) -> Part | None:
    item = read(PartItem, part_key(city, programme, provider))
    return item.noun(Part) if item else None


def parts(city: str, provider: str) -> list[Part]:
    """A provider's parts, read by their keys: the index only says which."""
    rows = rows_in(Query(parts_of(city, provider), begins="PP#", index=GSI2), PARTS_MAX)
    found = read_many([row.key for row in rows], consistent=True)
    return sorted((item.noun(Part) for item in found.values()), key=lambda part: part.asked_at)


def parts_in(city: str, programme: str) -> Iterator[Part]:
    for item in items_in(Query(f"{city}#PP#{programme}")):
        yield item.noun(Part)


def page_of_parts(city: str, programme: str, limit: int, cursor: str | None) -> Page[Part]:
    return page_of_items(Query(f"{city}#PP#{programme}"), limit, cursor).map(lambda item: item.noun(Part))


def waiting(city: str, limit: int, cursor: str | None) -> Page[Row]:
    return page_of_rows(Query(parts_waiting(city), index=GSI1), limit, cursor)


def history(city: str, provider: str) -> list[Event]:
    """Newest first."""
    query = Query(provider_key(city, provider).pk, begins="H#", descending=True)
    found = [item for item in items_in(query, HISTORY_SHOWN_MAX) if isinstance(item, EventItem)]
    return [Event(item.at_, item.by, item.what, item.note) for item in found]
