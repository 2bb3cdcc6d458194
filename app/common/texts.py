"""Text that people read: it has one spelling, stays in its place, and a name or title can be seen."""

import unicodedata
from typing import ClassVar, NamedTuple, Self, cast


def span(*bounds: tuple[int, int]) -> frozenset[str]:
    """Return the characters of some ranges, each with its last."""
    return frozenset(chr(code) for first, last in bounds for code in range(first, last + 1))


LINE_ENDS_AND_TAB = frozenset("\n\t")
CONTROLS = span((0x00, 0x1F), (0x7F, 0x9F), (0x2028, 0x2029))
NONCHARACTERS = span((0xD800, 0xDFFF), (0xFDD0, 0xFDEF), *((end - 1, end) for end in range(0xFFFF, 0x110000, 0x10000)))
DIRECTIONS = span((0x202A, 0x202E), (0x2066, 0x2069))  # not the marks that scripts from right to left need
SPACES = "\t\n\r \xa0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u202f\u205f\u3000"

# Normalising sorts the marks on a character, in a time that grows with the square of their number. Thirty are more
# than any language needs (UAX #15, section 13), and from the third plane on there are none.
MOST_MARKS = 30
MARKS = frozenset(char for char in map(chr, range(0x20000)) if unicodedata.combining(char))

# Letters, symbols and unassigned characters that are blank all the same, such as the fillers of Hangul.
BLANKS = frozenset("\u115f\u1160\u2065\u2800\u3164\uffa0\U00013441\U00013442\U0001d159")
BLANKS |= span((0xFFF0, 0xFFF8), (0xE0000, 0xE0FFF))


class TextError(ValueError):
    """Why a text is not taken; ``code`` is that of a FieldError."""

    def __init__(self, reason: str, code: str) -> None:
        super().__init__(reason)
        self.code = code


class Place(NamedTuple):
    """A character of a given text; positions count code points, from 1."""

    char: str
    position: int

    def __str__(self) -> str:
        return f"U+{ord(self.char):04X} {unicodedata.name(self.char, '')}".rstrip() + f" at position {self.position}"

    def refusal(self) -> TextError:
        """Return why this character is not taken."""
        match unicodedata.category(self.char):
            case "Cc" | "Zl" | "Zp":
                return TextError(f"{self} is a control character", "control_character")
            case "Cf":
                return TextError(f"{self} changes the direction of the text around it", "direction_control")
            case _:
                return TextError(f"{self} is no character", "noncharacter")

    def mark_too_many(self) -> TextError:
        return TextError(f"{self} is one mark too many for one character", "too_many_marks")


class PlainStr(type):
    """Lets a checked text be a plain ``str``, which everything knows how to encode and to store."""

    def __instancecheck__(cls, value: object) -> bool:
        return isinstance(value, str)


class Text(str, metaclass=PlainStr):
    """Text of any number of lines, as the type of a payload's member; a subclass says how long it may be.

    Called with a value, it returns the ``str`` to store: in NFC, with one spelling of the end of a line. Lengths count
    the code points of that. Raises TextError.
    """

    __slots__ = ()
    min_length: ClassVar[int] = 0
    max_length: ClassVar[int]
    examples: ClassVar[list[str]] = []

    TRIMMED: ClassVar[str] = ""
    REFUSED: ClassVar[frozenset[str]] = (CONTROLS | NONCHARACTERS) - LINE_ENDS_AND_TAB

    def __new__(cls, given: object) -> Self:
        if not isinstance(given, str):
            raise ValueError("Expected `str`")  # noqa: TRY004 - what msgspec makes a fault of the member
        text = given.strip(cls.TRIMMED)
        if not (text.isascii() and text.isprintable()):
            text = cls.normalized(text.replace("\r\n", "\n"), first=1 + len(given) - len(given.lstrip(cls.TRIMMED)))
        if len(text) > cls.max_length:
            raise TextError(f"Expected at most {cls.max_length} characters, not {len(text)}", "too_long")
        if len(text) < cls.min_length:
            raise TextError(
                f"Expected at least {cls.min_length} character{'s' if cls.min_length > 1 else ''}", "too_short"
            )
        return cast("Self", text)

    @classmethod
    def normalized(cls, text: str, first: int) -> str:
        """Return the text in its one spelling; ``first`` is the position of its first character."""
        if not text.isprintable() and not cls.REFUSED.isdisjoint(text):
            raise next(Place(char, at).refusal() for at, char in enumerate(text, first) if char in cls.REFUSED)
        if text.isascii():
            return text
        run = bytes(map(MARKS.__contains__, text)).find(b"\1" * (MOST_MARKS + 1))
        if run >= 0:
            raise Place(text[run + MOST_MARKS], first + run + MOST_MARKS).mark_too_many()
        return unicodedata.normalize("NFC", text)


class Line(Text):
    """Text of one line without space around it, of which something can be seen."""

    __slots__ = ()
    min_length = 1

    TRIMMED = SPACES
    REFUSED = CONTROLS | NONCHARACTERS | DIRECTIONS

    @classmethod
    def normalized(cls, text: str, first: int) -> str:
        normal = super().normalized(text, first)
        if text and not any(map(is_visible, normal)):
            raise TextError(f"Nothing of it can be seen, from {Place(text[0], first)} on", "invisible")
        return normal


def is_visible(char: str) -> bool:
    """Say whether a character shows by itself, which spaces, marks and joiners don't."""
    return unicodedata.category(char) not in ("Zs", "Mn", "Mc", "Me", "Cf") and char not in BLANKS
