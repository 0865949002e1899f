"""Names for addresses of a running program: of functions, and of the types of Swift objects."""
import bisect, pathlib, re, subprocess

# Where the metadata of a class has its descriptor, in a Swift without Objective-C; and what a class's metadata begins with.
CLASS_KIND, CLASS_DESCRIPTOR = 0, 40


class Image:
    """A file that is mapped into a program, and its symbols."""

    def __init__(self, path, base):
        self.path, self.base = path, base
        self.starts, self.names = [], []
        # A library that is stripped has names of what it exports only.
        lines = _nm(path) or _nm(path, "-D")
        for start, size, name in sorted(lines, key=lambda line: (line[0], -line[1])):
            if not self.starts or self.starts[-1] < start:
                self.starts.append(start)
                self.names.append((size, name))

    def symbol(self, address):
        """The name of what is at an address, or None where no symbol reaches."""
        index = bisect.bisect_right(self.starts, address - self.base) - 1
        if index < 0:
            return None
        size, name = self.names[index]
        return name if address - self.base - self.starts[index] < max(size, 1) else None


def _nm(path, *options):
    said = subprocess.run(["nm", "-S", "--defined-only", *options, path], capture_output=True, text=True).stdout
    found = (re.match(r"([0-9a-f]+)(?: ([0-9a-f]+))? \w (\S+)", line) for line in said.splitlines())
    return [(int(match[1], 16), int(match[2] or "0", 16), match[3].partition("@")[0]) for match in found if match]


class Symbols:
    """All of a process, as it is mapped now."""

    def __init__(self, pid):
        self.memory = open(f"/proc/{pid}/mem", "rb", buffering=0)
        self.ranges, self.known, images = [], {}, {}
        for line in pathlib.Path(f"/proc/{pid}/maps").read_text().splitlines():
            match = re.match(r"([0-9a-f]+)-([0-9a-f]+) \S+ ([0-9a-f]+) \S+ \S+ +(/.*)$", line)
            if match:
                start, end, offset, path = int(match[1], 16), int(match[2], 16), int(match[3], 16), match[4]
                # The first piece of a file that is mapped is that at its beginning, from where symbols count.
                images.setdefault(path, None if offset else start)
                self.ranges.append((start, end, path))
        self.images = {path: base for path, base in images.items() if base is not None}
        self.loaded = {}

    def _raw(self, address):
        """The file that an address is in, and the symbol as it is written there."""
        for start, end, path in self.ranges:
            if start <= address < end and path in self.images:
                if path not in self.loaded:
                    self.loaded[path] = Image(path, self.images[path])
                return path, self.loaded[path].symbol(address)
        return None, None

    def function(self, address):
        """(file, name) of the function with the call that returns to an address."""
        path, name = self._raw(address - 1)
        return (pathlib.Path(path).name if path else "?"), name

    def type(self, word):
        """The name of the type whose metadata is at an address, mangled; a generic one without its arguments, by its
        descriptor. None if there is none."""
        if word not in self.known:
            self.known[word] = self._type(word)
        return self.known[word]

    def _type(self, word):
        _, name = self._raw(word)
        if name and name.startswith("$s"):
            return name
        # What generics are made of at run time has no symbol, but it points to the descriptor of what is generic.
        if self._read(word) == CLASS_KIND and (descriptor := self._read(word + CLASS_DESCRIPTOR)):
            _, name = self._raw(descriptor)
            if name and name.endswith("Mn"):
                return name
        return None

    def _read(self, address):
        try:
            self.memory.seek(address)
            return int.from_bytes(self.memory.read(8), "little")
        except (OSError, OverflowError, ValueError):
            return None


def demangled(names):
    """Swift's names as they are written in Swift, by their mangled ones."""
    names = sorted(names)
    said = subprocess.run(["swift-demangle", "--simplified", "--compact"], input="\n".join(names), capture_output=True,
                          text=True, check=True).stdout.splitlines()
    return dict(zip(names, said))
