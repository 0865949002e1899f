"""What scripts/check-folders lets pass, in a small package."""
import pathlib, shutil, subprocess, tempfile, textwrap, unittest

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent

FILES = {
    "Package.swift": '''
        .target(name: "Low", swiftSettings: settings),
        .target(name: "High", dependencies: ["Low", .product(name: "NIOCore", package: "swift-nio")]),
        .testTarget(name: "HighTests", dependencies: ["High"]),
        ''',
    "Sources/Low/Bytes.swift": "struct Bytes {}\n",
    "Sources/High/Upper/Roof.swift": 'import Low\n\nstruct Roof {\n    let wall: Wall\n    // Not Roof, and not "Roof" either.\n}\n',
    "Sources/High/Lower/Wall.swift": "struct Wall {}\n",
    "CONTRIBUTING.md": """
        Sources/Low         bytes
        Sources/High        all
        Sources/High/Upper  roofs
        Sources/High/Lower  walls

        High → Low
        """,
}


class FolderTests(unittest.TestCase):
    def setUp(self):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="folders-"))
        self.addCleanup(shutil.rmtree, self.folder)
        for name, text in FILES.items(): self.write(name, textwrap.dedent(text).lstrip("\n"))

    def write(self, name, text):
        (self.folder / name).parent.mkdir(parents=True, exist_ok=True)
        (self.folder / name).write_text(text)

    def check(self, *arguments):
        return subprocess.run([ROOT / "scripts/check-folders", *arguments], cwd=self.folder, text=True, capture_output=True)

    def says(self, words):
        end = self.check()
        self.assertEqual(end.returncode, 1)
        self.assertIn(words, end.stderr)

    def test_one_way_passes(self):
        end = self.check()
        self.assertEqual((end.returncode, end.stderr), (0, ""))

    def test_arrows_are_printed(self):
        self.assertIn("Sources/High/Upper -> Sources/High/Lower\n    Roof.swift names Wall of Wall.swift", self.check("--arrows").stdout)

    def test_a_type_used_upwards_is_a_circle(self):
        self.write("Sources/High/Lower/Wall.swift", "struct Wall {\n    var above: Roof?\n}\n")
        self.says("circle: Sources/High/Lower, Sources/High/Upper")

    def test_so_is_a_member_of_an_extension(self):
        self.write("Sources/High/Upper/Text.swift", "extension String {\n    var roofText: String { self }\n}\n")
        self.write("Sources/High/Lower/Wall.swift", 'struct Wall {\n    var text: String { "a".roofText }\n}\n')
        self.says("Wall.swift names roofText of Text.swift")

    def test_comments_and_text_name_nothing(self):
        self.write("Sources/High/Lower/Wall.swift", '/// Below a ``Roof``.\nstruct Wall {\n    let name = "Roof"\n}\n')
        self.assertEqual(self.check().stderr, "")

    def test_an_import_that_the_manifest_does_not_give_fails(self):
        self.write("Sources/Low/Bytes.swift", "import High\n")
        self.says("Sources/Low imports High, which Package.swift does not give Low")

    def test_a_dependency_that_nobody_imports_fails(self):
        self.write("Sources/High/Upper/Roof.swift", "struct Roof {}\n")
        self.says("Package.swift gives High the target Low, which Sources/High does not import")

    def test_what_contributing_says_is_held_to_the_tree(self):
        manual = (self.folder / "CONTRIBUTING.md").read_text()
        self.write("CONTRIBUTING.md", manual.replace("High → Low\n", ""))
        self.says("CONTRIBUTING.md should have the line: High → Low")
        self.write("CONTRIBUTING.md", manual.replace("Sources/High/Upper  roofs\n", "Sources/High/Cellar roofs\n"))
        self.says("CONTRIBUTING.md has no line for Sources/High/Upper")
        self.says("CONTRIBUTING.md has a line for Sources/High/Cellar, which is no folder of sources")

    def test_this_package_passes(self):
        end = subprocess.run([ROOT / "scripts/check-folders"], cwd=ROOT, text=True, capture_output=True)
        self.assertEqual((end.returncode, end.stderr), (0, ""))
