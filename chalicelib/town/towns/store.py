"""Towns in the table. The only file that knows their keys and attributes."""

from collections.abc import Iterable, Iterator

from pynamodb.attributes import BooleanAttribute, NumberAttribute, UnicodeAttribute

from chalicelib.core.table import (
    GSI1,
    DayAttribute,
    InstantAttribute,
    Item,
    Key,
    NounAttribute,
    Query,
    Write,
    changed_meanwhile,
    commit,
    items_in,
    put,
    put_new,
    read,
    read_many,
    replace,
    rows_in,
    transact,
)
from chalicelib.town.towns.model import (
    NOBODYS_TOWN,
    Address,
    Contact,
    Notice,
    SecondProof,
    Town,
    fits,
    street_of,
)

TOWNS_MAX = 200
ADDRESSES_READ_MAX = 1000


def town_key(city: str) -> Key:
    """AP-02: a town."""
    return Key(f"{city}#TOWN", "A")


def notice_key(city: str, version: int) -> Key:
    """AP-03: a version of a town's privacy notice; the versions in order."""
    return Key(f"{city}#TOWN", f"N#{version:04}")


def address_key(city: str, code: str) -> Key:
    """AP-04: an address by its code."""
    return Key(f"{city}#ADDR", code)


def towns_index() -> str:
    """AP-05 (GSI1): every town of the installation by slug."""
    return f"{NOBODYS_TOWN}#TOWNS"


def addresses_of(city: str) -> str:
    """AP-06 (GSI1): a town's addresses by folded text."""
    return f"{city}#ADDR"


class TownItem(Item):
    KIND = "town"
    slug = UnicodeAttribute()
    name = UnicodeAttribute()
    ico = UnicodeAttribute()
    municipality_code = UnicodeAttribute()
    city_part_code = UnicodeAttribute(default="")
    colour = UnicodeAttribute()
    arms = UnicodeAttribute(default="")
    verification = UnicodeAttribute()
    verification_valid_days = NumberAttribute()
    account_number = UnicodeAttribute(default="")
    bank_profile = UnicodeAttribute(default="")
    settlement_period = UnicodeAttribute()
    settlement_route = UnicodeAttribute(default="direct")
    clearing_account = UnicodeAttribute(default="")
    order_format = UnicodeAttribute(default="abo")
    control_sample_permille = NumberAttribute(default=0)
    joint_accountant = BooleanAttribute(default=False)
    legal_regime = UnicodeAttribute()
    contact = NounAttribute[Contact](Contact)
    second_proof = NounAttribute[SecondProof](SecondProof)
    undo_window_minutes = NumberAttribute()
    order_confirm_days = NumberAttribute()
    notice_version = NumberAttribute()
    found_at = InstantAttribute(null=True)


class NoticeItem(Item):
    KIND = "privacy_notice"
    version = NumberAttribute()
    published_on = DayAttribute()
    cs = UnicodeAttribute()
    en = UnicodeAttribute(default="")


class AddressItem(Item):
    KIND = "address"
    code = UnicodeAttribute()
    text = UnicodeAttribute()
    municipality_code = UnicodeAttribute(default="")
    city_part_code = UnicodeAttribute(default="")


def _item(town: Town) -> TownItem:
    return TownItem.of(town, town_key(town.slug), gsi1_pk=towns_index(), gsi1_sk=town.slug, card={"name": town.name})


def _exists(_old: object) -> Exception:
    return ValueError("this town is already there")


def add(town: Town, notice: Notice) -> None:
    transact([put_new(_item(town), _exists), put(NoticeItem.of(notice, notice_key(town.slug, notice.version)))])


def save(town: Town, seen: int, *more: Write) -> None:
    """Write the town over the version that was seen."""
    transact([replace(_item(town), seen), *more])


def notice_write(city: str, notice: Notice) -> Write:
    return put_new(NoticeItem.of(notice, notice_key(city, notice.version)), changed_meanwhile)


def town(city: str) -> Town | None:
    item = read(TownItem, town_key(city))
    return item.noun(Town) if item else None


def towns() -> list[Town]:
    keys = [row.key for row in rows_in(Query(towns_index(), index=GSI1), TOWNS_MAX)]
    found = read_many(keys)
    return [found[key].noun(Town) for key in keys if key in found]


def notice(city: str, version: int) -> Notice | None:
    item = read(NoticeItem, notice_key(city, version))
    return item.noun(Notice) if item else None


def notices(city: str) -> list[Notice]:
    return [item.noun(Notice) for item in items_in(Query(f"{city}#TOWN", begins="N#", descending=True))]


def save_addresses(city: str, addresses: Iterable[Address]) -> None:
    from chalicelib.town.towns.model import folded

    for address in addresses:
        commit(
            put(
                AddressItem.of(
                    address,
                    address_key(city, address.code),
                    gsi1_pk=addresses_of(city),
                    gsi1_sk=f"{folded(address.text)}#{address.code}",
                    card={"code": address.code, "text": address.text},
                )
            )
        )


def address(city: str, code: str) -> Address | None:
    item = read(AddressItem, address_key(city, code))
    return item.noun(Address) if item else None


def addresses_like(city: str, query: str) -> Iterator[Address]:
    """Addresses whose street begins as asked; numbers are compared here, whichever of the two was typed."""
    for row in rows_in(Query(addresses_of(city), begins=street_of(query), index=GSI1), ADDRESSES_READ_MAX):
        if fits(row.card["text"], query):
            yield Address(code=row.card["code"], text=row.card["text"])
