"""What a block of the heap is, and who asked for it, in words."""
import functools, itertools, re
from symbols import Symbols, demangled

SHIM = "allocations.so"
# Between the one who wants memory and the allocator.
CARRIERS = re.compile(r"CRYPTO_|OPENSSL_(?:malloc|zalloc|strdup|memdup)|(?:m|c|re)alloc|posix_memalign|aligned_alloc|_Znwm|"
                      r"_?swift_|_ZN?K?5swift")
# What these hold is told by where they come from.
CONTAINER = re.compile(r"Storage|Buffer|Heap")
# So many functions are named of each place.
DEPTH = 3


class Holders:
    """Names the blocks of a process."""

    def __init__(self, pid):
        self.symbols = Symbols(pid)

    def name(self, block):
        """(what it is, where it comes from)."""
        return self._name(block.frames, block.word)

    @functools.cache
    def _name(self, frames, word):
        functions = [self.symbols.function(frame) for frame in frames]
        functions = [one for one in functions if one[0] != SHIM]
        own = [name for _, name in functions if name and name.startswith("$s")]
        carriers = [name or "" for _, name in itertools.takewhile(lambda one: _carries(*one), functions)]
        if any("allocObject" in name or "bufferAllocate" in name for name in carriers):
            metadata = self.symbols.type(word)
            if metadata is None:
                return "a closure's or a variable's", _words(own)
            what = _demangled(metadata)
            return (what, _words(own)) if CONTAINER.search(what) else (what, "")
        library = next((file for file, name in functions if not _carries(file, name)), "")
        if library.startswith("lib"):
            return library.partition(".so")[0], " → ".join(reversed(_exported(functions)))
        return "memory", _words(own)


def _carries(file, name):
    """Whether a function stands between the one who wants memory and the allocator."""
    return file.startswith("libc.so") or (CARRIERS.match(name) if name else not file.startswith("lib"))


def _exported(functions):
    """The functions of libraries on the way to the block, the innermost first, as far as they are exported, and the first one
    of the program."""
    names = []
    for file, name in functions:
        if name and name.startswith("$s"):
            return (names[:1] + names[-DEPTH + 1:] if len(names) > DEPTH else names) + [_demangled(name)]
        if name and not CARRIERS.match(name) and name not in names:
            names.append(name)
    return names


def _words(names):
    return " ← ".join(_demangled(name) for name in names[:DEPTH])


@functools.cache
def _demangled(name):
    text = demangled([name])[name]
    return re.sub(r"^(?:(?:full |generic )?type metadata for|nominal type descriptor for|"
                  r"(?:generic|function signature) specialization .*? of|merged|partial apply forwarder for) ", "", text)
