"""What providers are told, as writes for the transaction of what happened."""

from chalicelib.core.gate import OWNER
from chalicelib.core.table import Write
from chalicelib.money.providers.model import Account, Part, Provider
from chalicelib.town.messages import service as messages
from chalicelib.town.messages.service import Template, Words
from chalicelib.town.people import service as people
from chalicelib.town.people.model import Letter, ProviderMember

OWNERS_TOLD_MAX = 5

messages.register(
    Template(
        name="providers.account_changed",
        title=Words("Změna bankovního účtu čeká na město", "A change of bank account waits for the town"),
        text=Words(
            "{provider}: někdo zadal nový účet {number}. Výplaty stojí, dokud ho město neschválí. "
            "Není změna od vás? Zavolejte hned na město.",
            "{provider}: somebody entered the new account {number}. Payouts wait until the town approves it. "
            "If it was not you, call the town at once.",
        ),
        app="admin",
        link="/p/{id}/nastaveni",
        mail=Words("{town}: změna bankovního účtu", "{town}: a change of bank account"),
        mail_text=Words(
            "{provider}: někdo zadal nový účet {number}. Výplaty stojí, dokud ho město neschválí. "
            "Není změna od vás? Zavolejte hned na město.",
            "{provider}: somebody entered the new account {number}. Payouts wait until the town approves it. "
            "If it was not you, call the town at once.",
        ),
        button=Words("Zkontrolovat účet", "Check the account"),
    ),
    Template(
        name="providers.account_approved",
        title=Words("Nový účet platí", "The new account is in use"),
        text=Words(
            "{provider}: město schválilo účet {number}. Další výplata půjde na něj.",
            "{provider}: the town approved the account {number}. The next payout goes there.",
        ),
        app="admin",
        link="/p/{id}/nastaveni",
        mail=Words("{town}: nový účet platí", "{town}: the new account is in use"),
        button=Words("Otevřít organizaci", "Open the organisation"),
    ),
    Template(
        name="providers.account_refused",
        title=Words("Nový účet město neschválilo", "The town did not approve the new account"),
        text=Words(
            "{provider}: účet {number} město neschválilo. Výplaty jdou dál na dosavadní účet.",
            "{provider}: the town did not approve the account {number}. Payouts keep going to the present one.",
        ),
        app="admin",
        link="/p/{id}/nastaveni",
        mail=Words("{town}: nový účet neplatí", "{town}: the new account is not in use"),
        button=Words("Otevřít organizaci", "Open the organisation"),
    ),
    Template(
        name="providers.part_active",
        title=Words("Jste v programu", "You are in the programme"),
        text=Words(
            "{provider}: město vás přijalo do programu {programme}. Můžete přijímat příspěvky a zveřejnit nabídku.",
            "{provider}: the town took you into {programme}. You may accept contributions and publish your offer.",
        ),
        app="admin",
        link="/p/{id}",
        mail=Words("{town}: jste v programu", "{town}: you are in the programme"),
        button=Words("Otevřít přehled", "Open the overview"),
    ),
    Template(
        name="providers.part_in_review",
        title=Words("Smlouva je podepsaná", "The agreement is signed"),
        text=Words(
            "{provider}: do programu {programme} vstoupíte, až bude smlouva zveřejněná v registru smluv.",
            "{provider}: you join {programme} once the agreement is published in the register of contracts.",
        ),
        app="admin",
        link="/p/{id}",
        button=Words("Otevřít přehled", "Open the overview"),
    ),
    Template(
        name="providers.part_declined",
        title=Words("Do programu jste se nedostali", "You were not taken into the programme"),
        text=Words(
            "{provider}: účasti v programu {programme} město nevyhovělo. Důvod: {reason}",
            "{provider}: the town did not take you into {programme}. The reason: {reason}",
        ),
        app="admin",
        link="/p/{id}/nastaveni",
        button=Words("Otevřít organizaci", "Open the organisation"),
    ),
    Template(
        name="providers.part_suspended",
        title=Words("Účast v programu je pozastavená", "Your part in the programme is suspended"),
        text=Words(
            "{provider}: v programu {programme} teď nejde přijímat příspěvky. Důvod: {reason}",
            "{provider}: contributions of {programme} cannot be accepted now. The reason: {reason}",
        ),
        app="admin",
        link="/p/{id}",
        button=Words("Otevřít přehled", "Open the overview"),
    ),
    Template(
        name="providers.part_ended",
        title=Words("Účast v programu skončila", "Your part in the programme has ended"),
        text=Words(
            "{provider}: účast v programu {programme} skončila. Co je k výplatě, dostanete. Důvod: {reason}",
            "{provider}: your part in {programme} has ended. What is owed will be paid. The reason: {reason}",
        ),
        app="admin",
        link="/p/{id}",
        button=Words("Otevřít přehled", "Open the overview"),
    ),
    Template(
        name="providers.suspended",
        title=Words("Účet poskytovatele je pozastavený", "The provider is suspended"),
        text=Words(
            "{provider}: příspěvky teď nejde přijímat a výplaty stojí. Důvod: {reason}",
            "{provider}: contributions cannot be accepted and payouts wait. The reason: {reason}",
        ),
        app="admin",
        link="/p/{id}",
        button=Words("Otevřít přehled", "Open the overview"),
    ),
    Template(
        name="providers.active",
        title=Words("Účet poskytovatele zase běží", "The provider is active again"),
        text=Words(
            "{provider}: znovu můžete přijímat příspěvky a výplaty jdou dál.",
            "{provider}: you may accept contributions again and payouts go on.",
        ),
        app="admin",
        link="/p/{id}",
        button=Words("Otevřít přehled", "Open the overview"),
    ),
    Template(
        name="providers.ended",
        title=Words("Spolupráce s městem skončila", "The work with the town has ended"),
        text=Words(
            "{provider}: spolupráce skončila. Co je k výplatě, dostanete. Důvod: {reason}",
            "{provider}: the work together has ended. What is owed will be paid. The reason: {reason}",
        ),
        app="admin",
        link="/p/{id}",
        button=Words("Otevřít přehled", "Open the overview"),
    ),
)


def account_changed(city: str, provider: Provider, account: Account) -> list[Write]:
    """To the contact as it stood before the change, by e-mail, and to the owners: one of them may be a thief."""
    facts = {"id": provider.id, "provider": provider.name, "number": account.number}
    event = f"{provider.id}:account:{account.version}"
    told = to_owners(city, provider.id, "providers.account_changed", event, facts)
    owners = {owner.email for owner in _owners(city, provider.id)}
    if not provider.contact.email or provider.contact.email in owners:
        return told
    letter = Letter(city, provider.contact.email, "providers.account_changed", event, "cs", facts)
    return [messages.send_to_address(letter), *told]


def account_decided(city: str, provider: Provider, account: Account) -> list[Write]:
    facts = {"id": provider.id, "provider": provider.name, "number": account.number}
    event = f"{provider.id}:account:{account.version}"
    return to_owners(city, provider.id, f"providers.account_{account.state}", event, facts)


def part_decided(city: str, provider: Provider, part: Part, programme: str) -> list[Write]:
    facts = {"id": provider.id, "provider": provider.name, "programme": programme, "reason": part.reason}
    event = f"{provider.id}:part:{part.programme}:{part.v}"
    return to_owners(city, provider.id, f"providers.part_{part.state}", event, facts)


def state_changed(city: str, provider: Provider) -> list[Write]:
    facts = {"id": provider.id, "provider": provider.name, "reason": provider.state_reason}
    return to_owners(city, provider.id, f"providers.{provider.state}", f"{provider.id}:state:{provider.v}", facts)


def to_owners(city: str, provider: str, template: str, event: str, facts: dict[str, str]) -> list[Write]:
    """The same message to each owner of a provider."""
    owners = _owners(city, provider)[:OWNERS_TOLD_MAX]
    return [messages.tell(city, owner.person, template, event, facts) for owner in owners]


def _owners(city: str, provider: str) -> list[ProviderMember]:
    return [member for member in people.provider_members(city, provider) if member.role == OWNER]
