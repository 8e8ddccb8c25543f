"""The register of templates. Each room registers its own at import; those of people stand here, for people are below."""

from chalicelib.town.messages.model import Template, Words

_templates: dict[str, Template] = {}


def register(*templates: Template) -> None:
    """Make templates known. A name is registered once."""
    for template in templates:
        if template.name in _templates and _templates[template.name] != template:
            raise ValueError(f"template {template.name} is registered twice")
        _templates[template.name] = template


def template(name: str) -> Template:
    return _templates[name]


def every() -> dict[str, Template]:
    return dict(_templates)


GENERIC_MAIL = Words("{town}: máte novou zprávu", "{town}: you have a new message")
GENERIC_TEXT = Words(
    "V portálu na vás čeká zpráva. Její obsah e-mailem neposíláme.",
    "A message waits for you in the portal. We do not send its content by e-mail.",
)
FOOT = Words(
    "Na tento e-mail neodpovídejte. O heslo vás e-mailem nikdy nepožádáme.",
    "Do not answer this e-mail. We never ask for your password by e-mail.",
)

register(
    Template(
        name="people.confirm",
        title=Words("Potvrďte registraci", "Confirm your registration"),
        text=Words(
            "Zbývá jediný krok: otevřete odkaz a potvrďte svůj e-mail. Odkaz platí 48 hodin a jen jednou. "
            "Není registrace od vás? Nedělejte nic: účet nevznikne a údaje smažeme.",
            "One step is left: open the link and confirm your e-mail. It works for 48 hours and once. "
            "If you did not ask for an account, do nothing: none is made and the data are deleted.",
        ),
        app="www",
        link="/potvrzeni#{token}{next}",
        mail=Words("{town}: potvrďte registraci", "{town}: confirm your registration"),
        button=Words("Potvrdit e-mail", "Confirm the e-mail"),
    ),
    Template(
        name="people.registered_already",
        title=Words("Účet už máte", "You have an account already"),
        text=Words(
            "Někdo, nejspíš vy, chtěl s tímto e-mailem založit nový účet. Účet už tu ale je. "
            "Přihlaste se, nebo si nastavte nové heslo. Do dalšího města se přidáte po přihlášení.",
            "Somebody, probably you, wanted to open a new account with this e-mail. There is one already. "
            "Sign in, or set a new password. You can join another town once you are signed in.",
        ),
        app="moje",
        link="{next}",
        mail=Words("Účet s tímto e-mailem už existuje", "There is an account with this e-mail already"),
        button=Words("Přihlásit se", "Sign in"),
    ),
    Template(
        name="people.reset",
        title=Words("Nové heslo", "A new password"),
        text=Words(
            "Otevřete odkaz a nastavte si nové heslo. Odkaz platí hodinu a jen jednou. "
            "Není žádost od vás? Nedělejte nic: dosavadní heslo platí dál.",
            "Open the link and set a new password. It works for an hour and once. "
            "If you did not ask for it, do nothing: the present one stays.",
        ),
        app="www",
        link="/nove-heslo#{token}{next}",
        mail=Words("Nastavte si nové heslo", "Set a new password"),
        button=Words("Nastavit nové heslo", "Set a new password"),
    ),
    Template(
        name="people.password_changed",
        title=Words("Heslo je změněné", "The password is changed"),
        text=Words(
            "Heslo k vašemu účtu se změnilo a ostatní zařízení jsou odhlášená. "
            "Není změna od vás? Nastavte si hned nové heslo.",
            "The password of your account was changed and the other devices are signed out. "
            "If it was not you, set a new password at once.",
        ),
        app="www",
        link="/heslo",
        mail=Words("Heslo k vašemu účtu se změnilo", "The password of your account was changed"),
        button=Words("Nastavit nové heslo", "Set a new password"),
    ),
    Template(
        name="people.new_email",
        title=Words("Potvrďte nový e-mail", "Confirm the new e-mail"),
        text=Words(
            "Otevřete odkaz a potvrďte, že na tento e-mail chcete dostávat zprávy a přihlašovat se jím. "
            "Odkaz platí 24 hodin a jen jednou.",
            "Open the link and confirm that you want to sign in and be written to at this e-mail. "
            "It works for 24 hours and once.",
        ),
        app="www",
        link="/novy-email#{token}",
        mail=Words("Potvrďte nový e-mail", "Confirm the new e-mail"),
        button=Words("Potvrdit nový e-mail", "Confirm the new e-mail"),
    ),
    Template(
        name="people.email_change_asked",
        title=Words("Někdo chce změnit váš e-mail", "Somebody wants to change your e-mail"),
        text=Words(
            "K vašemu účtu má přibýt jiný e-mail místo tohoto. Změní se, až někdo otevře odkaz, který jsme na něj poslali. "
            "Není žádost od vás? Nastavte si hned nové heslo: žádost tím přestane platit a všechna zařízení se odhlásí.",
            "Another e-mail is to take this one's place in your account. It does so once somebody opens the link that we "
            "sent to it. If you did not ask for it, set a new password at once: that ends the request and signs out every "
            "device.",
        ),
        app="www",
        link="/heslo",
        mail=Words("Někdo chce změnit e-mail vašeho účtu", "Somebody wants to change your account's e-mail"),
        button=Words("Nastavit nové heslo", "Set a new password"),
    ),
    Template(
        name="people.email_changed",
        title=Words("E-mail vašeho účtu je změněný", "Your account's e-mail is changed"),
        text=Words(
            "K vašemu účtu teď patří jiný e-mail a na tento už psát nebudeme. Všechna zařízení jsou odhlášená. "
            "Není změna od vás? Napište nebo zavolejte hned městskému úřadu: tímto e-mailem už se přihlásit nejde.",
            "Another e-mail belongs to your account now and we will not write to this one any more. Every device is signed "
            "out. If it was not you, write or call the town hall at once: this e-mail does not sign in any more.",
        ),
        app="www",
        link="/",
        mail=Words("E-mail vašeho účtu se změnil", "Your account's e-mail was changed"),
        button=Words("Otevřít stránky města", "Open the town's pages"),
    ),
    Template(
        name="people.invited_by_town",
        title=Words("Pozvánka k práci v portálu", "An invitation to work in the portal"),
        text=Words(
            "{town} vás zve do administrace portálu. Otevřete odkaz, uvidíte nabízené role a pozvání přijmete. "
            "Odkaz platí 14 dnů a jen jednou.",
            "{town} invites you to the administration of its portal. Open the link to see the roles and accept. "
            "It works for 14 days and once.",
        ),
        app="admin",
        link="/pozvanka#{token}",
        mail=Words("{town}: pozvánka do administrace", "{town}: an invitation to the administration"),
        button=Words("Otevřít pozvánku", "Open the invitation"),
    ),
    Template(
        name="people.invited_by_provider",
        title=Words("Pozvánka od poskytovatele", "An invitation from a provider"),
        text=Words(
            "{provider} vás zve ke společné práci v portálu. Otevřete odkaz a pozvání přijměte. "
            "Odkaz platí 14 dnů a jen jednou.",
            "{provider} invites you to its account in the portal. Open the link and accept. "
            "It works for 14 days and once.",
        ),
        app="admin",
        link="/pozvanka#{token}",
        mail=Words("Pozvánka: {provider}", "An invitation: {provider}"),
        button=Words("Otevřít pozvánku", "Open the invitation"),
    ),
)
