"""The blocks of a running program's heap, as allocations.c keeps them: where they are, what they take, who asked for them."""
import dataclasses, mmap, pathlib, re, struct, subprocess, time

# As in allocations.c.
FRAMES, CAPACITY = 32, 1 << 18
BLOCK = struct.Struct(f"{2 + FRAMES}Q")
HEAD = struct.Struct("2Q")
SOURCE = pathlib.Path(__file__).with_name("allocations.c")


@dataclasses.dataclass(frozen=True)
class Block:
    """A block of the heap. The innermost frame comes first; `word` is what the block begins with, of a Swift object its type."""

    size: int
    frames: tuple
    word: int


class Allocations:
    """The table of a program that `wrapper` starts."""

    def __init__(self, folder):
        self.path, self.shim = folder / "allocations", folder / "allocations.so"
        subprocess.run(["cc", "-shared", "-fPIC", "-O2", "-o", self.shim, SOURCE], check=True)
        self.wrapper = ["env", f"LD_PRELOAD={self.shim}", f"ALLOCATIONS={self.path}"]

    def blocks(self, pid):
        """All blocks, once there are as many as a moment ago: then the program has come to rest."""
        with open(self.path, "rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as table:
            before = None
            while before != (before := HEAD.unpack_from(table)[1]):
                time.sleep(0.5)
            missed, _ = HEAD.unpack_from(table)
            if missed:
                raise SystemExit(f"the table of blocks is too small by {missed}: open fewer connections")
            entries = [BLOCK.unpack_from(table, HEAD.size + index * BLOCK.size) for index in range(CAPACITY)]
        with open(f"/proc/{pid}/mem", "rb", buffering=0) as memory:
            return [Block(size, tuple(frame for frame in frames if frame), _word(memory, address))
                    for address, size, *frames in entries if address]

    def anonymous_kib(self, pid):
        """The memory in KiB that is the program's own: files, the table among them, may be others' as well."""
        return int(re.search(r"Anonymous:\s+(\d+)", pathlib.Path(f"/proc/{pid}/smaps_rollup").read_text())[1])


def _word(memory, address):
    try:
        memory.seek(address)
        return int.from_bytes(memory.read(8), "little")
    except OSError:
        return 0  # It has been given back meanwhile.
