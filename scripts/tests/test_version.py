"""What scripts/check-version lets pass, in a copy of what it reads."""
import pathlib, re, shutil, subprocess, tempfile, unittest

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
SOURCE, CHANGES = "Sources/Gateway/GatewayVersion.swift", "CHANGELOG.md"
FILES = ["scripts/check-version", SOURCE, CHANGES, "packaging/compose.yaml", "packaging/kubernetes.yaml"]


class VersionTests(unittest.TestCase):
    def setUp(self):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="version-"))
        self.addCleanup(shutil.rmtree, self.folder)
        for name in FILES:
            (self.folder / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(ROOT / name, self.folder / name)
        self.version = re.search(r'number = "(.*)"', (ROOT / SOURCE).read_text())[1]
        (self.folder / CHANGES).write_text(f"# Changelog\n\n## {self.version} (2027-01-01)\n\n- Something new.\n\n## 0.0.1\n\n- Old.\n")

    def check(self, *arguments):
        return subprocess.run([self.folder / "scripts/check-version", *arguments], text=True, capture_output=True)

    def test_the_sources_agree_with_themselves(self):
        end = subprocess.run([ROOT / "scripts/check-version"], text=True, capture_output=True)
        self.assertEqual((end.returncode, end.stderr), (0, ""))

    def test_the_tag_of_the_version_passes_with_the_notes_of_its_section_alone(self):
        end = self.check("--notes", f"v{self.version}")
        self.assertEqual((end.returncode, end.stdout.strip(), end.stderr), (0, "- Something new.", ""))

    def test_another_tag_fails(self):
        for tag in ["v99.0.0", self.version, f"v{self.version}-rc.1", "main"]:
            end = self.check(tag)
            self.assertEqual(end.returncode, 1, tag)
            self.assertIn(f"the tag is {tag}", end.stderr)

    def test_a_version_without_a_section_in_the_changelog_fails(self):
        (self.folder / CHANGES).write_text(f"# Changelog\n\n## Unreleased: {self.version}\n\n- Something new.\n")
        end = self.check(f"v{self.version}")
        self.assertEqual(end.returncode, 1)
        self.assertIn("CHANGELOG.md has no section", end.stderr)

    def test_an_example_of_another_version_fails(self):
        for name in ["packaging/compose.yaml", "packaging/kubernetes.yaml"]:
            path = self.folder / name
            text = path.read_text()
            path.write_text(text.replace(f"hysteria-gateway:{self.version}", "hysteria-gateway:latest"))
            end = self.check()
            self.assertEqual(end.returncode, 1, name)
            self.assertIn(f"{name}: names hysteria-gateway:latest", end.stderr)
            path.write_text(text)


if __name__ == "__main__":
    unittest.main()
