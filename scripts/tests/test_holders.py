"""What scripts/weigh-connection calls the blocks of a heap."""
import pathlib, sys, unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "support"))
import holders
from allocations import Block

# Frames by their number: the file, and the function if it has a name.
FUNCTIONS = {
    1: ("allocations.so", "malloc"), 2: ("gateway", "swift_slowAlloc"), 3: ("gateway", "swift_allocObject"),
    4: ("gateway", "$sOpen"), 5: ("gateway", "$sAccept"), 6: ("libcrypto.so.3", "CRYPTO_malloc"), 7: ("libssl.so.3", None),
    8: ("libssl.so.3", "SSL_new"), 9: ("gateway", None), 10: ("libc.so.6", "strdup"), 11: ("libcrypto.so.3", "EVP_PKEY_new"),
}
TYPES = {100: "$sHandler", 101: "$sArrayStorage"}


class Symbols:
    def function(self, frame):
        return FUNCTIONS[frame]

    def type(self, word):
        return TYPES.get(word)


class HolderTests(unittest.TestCase):
    def setUp(self):
        self.holders = holders.Holders.__new__(holders.Holders)
        self.holders.symbols = Symbols()
        self.addCleanup(setattr, holders, "_demangled", holders._demangled)
        holders._demangled = lambda name: name.removeprefix("$s")

    def name(self, *frames, word=0):
        return self.holders.name(Block(48, frames, word))

    def test_an_object_is_named_by_its_type_wherever_it_was_made(self):
        self.assertEqual(self.name(1, 2, 3, 4, 5, word=100), ("Handler", ""))
        self.assertEqual(self.name(1, 2, 3, 5, word=100), ("Handler", ""))

    def test_what_holds_elements_is_named_by_where_it_comes_from_as_well(self):
        self.assertEqual(self.name(1, 2, 3, 4, 5, word=101), ("ArrayStorage", "Open ← Accept"))

    def test_an_object_without_a_type_of_its_own_is_named_by_where_it_comes_from(self):
        self.assertEqual(self.name(1, 2, 3, 4, word=7), ("a closure's or a variable's", "Open"))

    def test_memory_that_begins_like_an_object_is_none(self):
        self.assertEqual(self.name(1, 4, 5, word=100), ("memory", "Open ← Accept"))

    def test_memory_of_a_library_is_named_by_what_it_exports_and_by_who_called_it(self):
        self.assertEqual(self.name(1, 6, 8, 4, 5), ("libssl", "Open → SSL_new"))
        self.assertEqual(self.name(1, 6, 11, 7, 8, 4), ("libcrypto", "Open → SSL_new → EVP_PKEY_new"))

    def test_a_function_without_a_name_belongs_to_its_library(self):
        self.assertEqual(self.name(1, 6, 7, 9, 4), ("libssl", "Open"))

    def test_the_c_library_only_carries(self):
        self.assertEqual(self.name(1, 10, 4), ("memory", "Open"))


if __name__ == "__main__":
    unittest.main()
