"""Whether the symbols that doc comments link to exist: ``Type/member(label:)``, as DocC would say."""
import pathlib, re, unittest

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
SOURCES = sorted((ROOT / "Sources").rglob("*.swift"))
DECLARATION = re.compile(
    r"\b(?:func|var|let|case|struct|class|enum|protocol|actor|typealias|associatedtype|extension|subscript|init)\b[?!]?\s*`?([\w.]*)`?")
# Of Swift itself and of the packages.
FOREIGN = {"Error", "Sendable", "Hashable", "UInt8", "String", "Array", "ByteBuffer", "EventLoop", "Channel", "ChannelHandler"}


def without_comments(text):
    return re.sub(r"^\s*//.*$", "", text, flags=re.M)


def signatures(text):
    """The names of functions with their labels: `look(at:for:)`."""
    for match in re.finditer(r"\b(?:func\s+`?(\w+|[^\w\s(]+)`?|(init)[?!]?|(subscript))\s*(?:<[^>(]*>)?\s*\(", text):
        depth, index = 1, match.end()
        while depth and index < len(text):
            depth += (text[index] in "([{") - (text[index] in ")]}")
            index += 1
        inside, labels, level, start = text[match.end():index - 1], [], 0, 0
        for place, sign in enumerate(inside + ","):
            if sign in "([{<": level += 1
            elif sign in ")]}": level -= 1
            elif sign == ">" and inside[place - 1:place] != "-": level -= 1
            elif sign == "," and level == 0:
                label = re.match(r"\s*(?:@\w+(?:\([^)]*\))?\s+)*`?(\w+)`?", inside[start:place])
                if label: labels.append(label[1])
                start = place + 1
        yield (match[1] or match[2] or match[3]) + "(" + "".join(label + ":" for label in labels) + ")"


def cases(text):
    """Enumeration cases with associated values, by their labels: `refuse(_:)`."""
    for match in re.finditer(r"\bcase\s+`?(\w+)`?\(([^()]*(?:\([^()]*\)[^()]*)*)\)", text):
        parts = re.split(r",(?![^(<\[]*[)>\]])", match[2])
        labels = [label[1] if (label := re.match(r"\s*(\w+)\s*:", part)) else "_" for part in parts]
        yield match[1] + "(" + "".join(label + ":" for label in labels) + ")"


class SymbolTests(unittest.TestCase):
    def test_every_link_of_a_doc_comment_leads_to_a_declaration(self):
        names, calls = set(FOREIGN), set()
        for path in SOURCES:
            text = without_comments(path.read_text())
            for match in DECLARATION.finditer(text): names.update(match[1].split("."))
            # More than one case in a line.
            for match in re.finditer(r"^\s*(?:indirect )?case ((?:`?\w+`?, )+`?\w+`?)$", text, re.M):
                names.update(name.strip("` ") for name in match[1].split(","))
            calls.update(signatures(text))
            calls.update(cases(text))
        bare = {call.split("(")[0] for call in calls}
        for path in SOURCES:
            for number, line in enumerate(path.read_text().split("\n"), 1):
                if not re.match(r"\s*///", line): continue
                for link in re.findall(r"``([^`]+)``", line):
                    for part in link.split("/"):
                        with self.subTest(place=f"{path.relative_to(ROOT)}:{number}", link=link):
                            self.assertIn(part, calls if "(" in part else names | bare)


if __name__ == "__main__":
    unittest.main()
