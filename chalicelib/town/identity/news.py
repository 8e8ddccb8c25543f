"""What people are told about verification: each once for a question, in the transaction of its answer.

An e-mail says only that there is news: outcome and names stand in the inbox.
"""

from chalicelib.core.table import Write
from chalicelib.town.identity.model import LinkState, Outcome, Verification, head_of
from chalicelib.town.messages import service as messages
from chalicelib.town.messages.service import Template, Words
from chalicelib.town.people.model import Child, Person

_MAIL = Words("Ověření údajů v portálu města {town}", "Your data in the portal of {town}")
_BUTTON = Words("Otevřít domácnost", "Open the household")


def _template(name: str, title: Words, text: Words) -> Template:
    return Template(name=name, title=title, text=text, link="/domacnost", mail=_MAIL, button=_BUTTON)


messages.register(
    _template(
        "identity.match",
        Words("Údaje jsou ověřené", "The data are verified"),
        Words(
            "Registr obyvatel údaje potvrdil. Jméno: {name}. Teď můžete žádat o příspěvky.",
            "The population registry confirmed the data. Name: {name}. You can apply for contributions now.",
        ),
    ),
    _template(
        "identity.match_not_resident",
        Words("Údaje jsou ověřené, trvalý pobyt je jinde", "The data are verified, the residence is elsewhere"),
        Words(
            "Registr údaje potvrdil, místo pobytu ale leží mimo {town}. Jméno: {name}. "
            "Je pobyt nový? Na vaši žádost se za tři dny zeptáme znovu.",
            "The registry confirmed the data, but the residence lies outside {town}. Name: {name}. "
            "If you have just moved, we can ask again in three days.",
        ),
    ),
    _template(
        "identity.ambiguous",
        Words("Doplňte místo narození", "Add the place of birth"),
        Words(
            "Stejné jméno a datum narození má víc lidí. Jméno: {name}. Doplňte místo narození; "
            "použijeme ho jen k ověření a pak ho smažeme.",
            "Several people share this name and birth date. Name: {name}. Add the place of birth; "
            "we use it for this check only and delete it afterwards.",
        ),
    ),
    _template(
        "identity.no_match",
        Words("Údaje se v registru nenašly", "The data were not found in the registry"),
        Words(
            "Zadané údaje registr nezná. Jméno: {name}. Zkontrolujte je podle dokladu a opravte, "
            "nebo přijďte s občanským průkazem na úřad.",
            "The registry does not know these data. Name: {name}. Compare them with a document and correct them, "
            "or come to the office with an identity card.",
        ),
    ),
    _template(
        "identity.questioned",
        Words("Údaje ověří úředník", "A clerk will check the data"),
        Words(
            "Jiný úřad v registru prověřuje některý z údajů. Jméno: {name}. Podíváme se na to a ozveme se.",
            "Another office is checking some of the data in the registry. Name: {name}. We will look and write to you.",
        ),
    ),
    _template(
        "identity.duplicate",
        Words("Účet na toto jméno už existuje", "There is an account for this person already"),
        Words(
            "Tato osoba už v portálu ověřený účet má. Obnovte si přístup k němu přes zapomenuté heslo. "
            "Není ten účet váš? Přijďte s dokladem na úřad.",
            "This person has a verified account in the portal already. Recover access to it by a new password. "
            "If you did not open it, come to the office with a document.",
        ),
    ),
    _template(
        "identity.first_account",
        Words("Někdo zadal vaše údaje do nového účtu", "Somebody entered your data into a new account"),
        Words(
            "V portálu vznikl další účet s vaším jménem a datem narození. Ověřený není a k vašim penězům se nedostane. "
            "Není to vaše dílo? Dejte nám vědět.",
            "Another account with your name and birth date was opened. It is not verified and cannot reach your money. "
            "If it was not you, let us know.",
        ),
    ),
    _template(
        "identity.link_proved_by_registry",
        Words("Vztah k dítěti je doložený", "The link to the child is proved"),
        Words(
            "Evidence obyvatel potvrdila, že dítě zastupujete. Dítě: {name}.",
            "The residents system confirmed that you act for the child. Child: {name}.",
        ),
    ),
    _template(
        "identity.link_proved_by_document",
        Words("Vztah k dítěti je doložený", "The link to the child is proved"),
        Words(
            "Úřad podle dokladu potvrdil, že dítě zastupujete. Dítě: {name}.",
            "The office confirmed from a document that you act for the child. Child: {name}.",
        ),
    ),
    _template(
        "identity.link_not_proved",
        Words("Doložte vztah k dítěti", "Prove the link to the child"),
        Words(
            "Evidence obyvatel váš vztah k dítěti neuvádí. Dítě: {name}. Nahrajte rozhodnutí soudu nebo jiný doklad.",
            "The residents system does not show your link to the child. Child: {name}. Upload a court's decision "
            "or another document.",
        ),
    ),
    _template(
        "identity.link_refused",
        Words("Za dítě v portálu jednat nemůžete", "You cannot act for the child in the portal"),
        Words(
            "Zastupování dítěte se nepodařilo doložit. Na podrobnosti se zeptejte na úřadě.",
            "Acting for the child could not be proved. Ask at the office for details.",
        ),
    ),
)

_TOLD: tuple[Outcome, ...] = ("match", "match_not_resident", "ambiguous", "no_match", "questioned")


def outcome(city: str, someone: Person | Child, judged: Verification, event: str) -> list[Write]:
    """Tell the head of the household how it ended. Nobody is written to about a death."""
    if judged.duplicate:
        return [messages.tell(city, head_of(judged.subject), "identity.duplicate", event, {})]
    if judged.outcome not in _TOLD:
        return []
    template = f"identity.{judged.outcome}"
    return [messages.tell(city, head_of(judged.subject), template, event, {"name": someone.name})]


def first_account(city: str, holder: str, event: str) -> Write:
    """Tell the owner of the first account that somebody else entered their data."""
    return messages.tell(city, holder, "identity.first_account", event, {})


def link(city: str, child: Child, state: LinkState, event: str) -> list[Write]:
    """Tell a guardian about the link; a refusal says nothing about the child."""
    name = "link_not_proved" if state == "declared" else f"link_{state}"
    facts = {} if state == "refused" else {"name": child.name}
    return [messages.tell(city, child.guardian, f"identity.{name}", event, facts)]
