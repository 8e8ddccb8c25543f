"""What people write: one kind of text for every field, and one kind of e-mail address.

What nobody sees can make two names look alike, turn a line around on a clerk's screen or end a header of a letter. What is
merely invisible and comes along with copying is left out; what changes how the rest is read is refused.
"""

import re
import unicodedata

from chalicelib.core.mending import wrong

_INVISIBLE = re.compile(
    "[\u00ad\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200d\u2060-\u2064\u2800\u3164\ufeff\uffa0]"
)
_LINE_END = re.compile("\r\n?|[\u2028\u2029]")
_NOT_WRITING = {"Cc", "Cf", "Cs", "Cn"}
"""Unicode's categories of what is not writing: controls, formats (bidirectional marks, tags), half characters, unassigned."""


def one_line(text: str) -> str:
    """A text of one line as it is kept: composed, without what is invisible. A control or direction mark is refused."""
    return _writing(text, "")


def lines(text: str) -> str:
    """A text of paragraphs as it is kept: like one line, with line ends and tabs."""
    return _writing(_LINE_END.sub("\n", text), "\n\t")


def _writing(text: str, also: str) -> str:
    seen = unicodedata.normalize("NFC", _INVISIBLE.sub("", text))
    if any(unicodedata.category(letter) in _NOT_WRITING and letter not in also for letter in seen):
        raise wrong(
            "unwritable",
            "V textu jsou řídicí znaky, které nejsou vidět. Napište ho znovu ručně.",
            "The text holds control characters, which are not seen. Type it again by hand.",
        )
    if not also and (_LINE_END.search(seen)):
        raise wrong("unwritable", "Napište to na jeden řádek.", "Write it in one line.")
    return seen


def address(text: str) -> str:
    """One e-mail address: an ASCII addr-spec, or one whose domain has an IDNA form, which is what is kept (RFC 5321, 5891)."""
    from email_validator import EmailNotValidError, validate_email

    try:
        found = validate_email(text, check_deliverability=False, allow_smtputf8=False, strict=True)
    except EmailNotValidError:
        found = None
    domain = text.rpartition("@")[2].lower()
    if found is None or not text.rpartition("@")[0].isascii() or (not domain.isascii() and found.domain != domain):
        raise wrong(
            "email",
            "Napište jednu e-mailovou adresu, například jana@posta.cz.",
            "Write one e-mail address, for example jana@posta.cz.",
        )
    known = found.ascii_email
    assert known  # without SMTPUTF8 every address has an ASCII form
    return known.lower()
