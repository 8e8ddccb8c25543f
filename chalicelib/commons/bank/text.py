"""Text as the banks' formats can carry it."""

import re
import unicodedata

WINDOWS = "cp1250"
# Letters that no decomposition turns into plain ones.
PLAIN = str.maketrans({"ł": "l", "Ł": "L", "đ": "d", "Đ": "D", "ß": "ss", "ø": "o", "Ø": "O", "æ": "ae", "Æ": "AE"})
PLAIN |= str.maketrans({"„": '"', "“": '"', "”": '"', "‚": "'", "‘": "'", "’": "'", "–": "-", "—": "-", "…": "..."})
QR_FOREIGN = re.compile(r"[^0-9A-Z $%*+\-./:]")


def one_line(text: str) -> str:
    """Each run of white space one space, without control, invisible and unassigned characters (XML forbids some)."""
    return " ".join("".join(_visible(sign) for sign in text).split())


def without_diacritics(text: str) -> str:
    decomposed = unicodedata.normalize("NFKD", text.translate(PLAIN))
    return "".join(sign for sign in decomposed if not unicodedata.combining(sign))


def plain(text: str) -> str:
    """Upper-case ASCII: `Knihkupectví Žďár` → `KNIHKUPECTVI ZDAR`. What has no plain form becomes a space."""
    return one_line("".join(sign if sign.isascii() else " " for sign in without_diacritics(text))).upper()


def windows(text: str) -> str:
    """Only characters that Windows-1250 holds; others lose their diacritics, or become a space."""
    return one_line("".join(sign if _in_windows(sign) else _windows_stand_in(sign) for sign in text))


def qr_alphanumeric(text: str) -> str:
    """Upper-case text in the alphanumeric set of QR codes, which makes the code smaller and easier to scan."""
    return one_line(QR_FOREIGN.sub(" ", plain(text)))


def wrapped(text: str, width: int, lines_max: int) -> list[str]:
    """Lines of at most `width` characters, broken between words where possible; what is left over is cut."""
    lines: list[str] = []
    for paragraph in text.split("\n"):
        rest = paragraph.strip()
        while rest:
            head = rest[:width]
            if len(rest) > width and rest[width] != " " and " " in head:
                head = head[: head.rindex(" ")]
            lines.append(head.rstrip())
            rest = rest[len(head) :].strip()
    return lines[:lines_max]


def _visible(sign: str) -> str:
    kind = unicodedata.category(sign)
    return " " if kind == "Cc" else "" if kind.startswith("C") else sign


def _in_windows(sign: str) -> bool:
    try:
        sign.encode(WINDOWS)
    except UnicodeEncodeError:
        return False
    return True


def _windows_stand_in(sign: str) -> str:
    return "".join(part if _in_windows(part) else " " for part in without_diacritics(sign))
