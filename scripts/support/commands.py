"""The blocks of code of a document, to be run as they are printed."""
import pathlib, re, textwrap


class Commands:
    """Each block of a section, once: what no test has asked for is told by `left()`."""

    def __init__(self, document, heading):
        text = pathlib.Path(document).read_text()
        section = re.search(rf"^## {re.escape(heading)}\n(.*?)(?=^## |\Z)", text, re.M | re.S)
        if not section: raise SystemExit(f"{document} has no section '{heading}'")
        self.place = f"{document}, '{heading}'"
        found = re.findall(r"^( *)```(sh|yaml)\n(.*?)^ *```$", section[1], re.M | re.S)
        self.blocks = [(kind, textwrap.dedent(text)) for _, kind, text in found]
        self.taken = set()

    def block(self, part, kind="sh"):
        """The one block with that in it."""
        numbers = [number for number, (its, text) in enumerate(self.blocks) if its == kind and part in text]
        if len(numbers) != 1:
            raise AssertionError(f"{self.place}: {len(numbers)} blocks of {kind} have '{part}' in them, expected one")
        self.taken.add(numbers[0])
        return self.blocks[numbers[0]][1]

    def left(self):
        return [text for number, (_, text) in enumerate(self.blocks) if number not in self.taken]


def filled(text, values):
    """The text with what a reader puts in place of `hg_…` and its like; each has to be there."""
    for placeholder, value in values.items():
        if placeholder not in text: raise AssertionError(f"there is no '{placeholder}' in: {text}")
        text = text.replace(placeholder, value)
    return text
