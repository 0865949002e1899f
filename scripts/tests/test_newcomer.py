"""What scripts/setup and scripts/demo say and do on machines that lack something, with programs put in place of the real ones."""
import os, pathlib, shutil, socket, subprocess, tempfile, unittest

SCRIPTS = pathlib.Path(__file__).resolve().parent.parent
GOOD = "echo 'Swift version 6.3.1 (swift-6.3.1-RELEASE)'"
# One that knows no package as installed, one that knows all.
NOTHING, ALL = "exit 1", "echo 'install ok installed'"


class Machine:
    """A folder with a copy of the scripts, and a PATH with programs that a test makes up."""

    def __init__(self, test):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="newcomer-"))
        test.addCleanup(shutil.rmtree, self.folder)
        (self.folder / "scripts").mkdir()
        (self.folder / "bin").mkdir()
        for name in ["setup", "demo"]:
            shutil.copy(SCRIPTS / name, self.folder / "scripts" / name)
        self.calls = self.folder / "calls"
        self.calls.touch()
        # Whatever happens, a test installs nothing.
        for name in ["apt-get", "sudo"]:
            self.has(name, "")
        self.has("apt-cache", "[ \"$1\" != depends ] || echo '  Depends: g++-12'; case $* in *t64) exit 100; esac")
        self.has("dpkg-query", ALL)

    def has(self, name, script, place="bin"):
        path = self.folder / place / name
        path.write_text(f'#!/bin/bash\necho "{name} $*" >>"{self.calls}"\n{script}\n')
        path.chmod(0o755)

    def run(self, *command):
        # The real Swift is nowhere in there.
        return subprocess.run(command, cwd=self.folder, env={"PATH": f"{self.folder}/bin:/usr/bin:/bin"}, text=True,
                              capture_output=True, timeout=600)

    def called(self, name):
        return [line for line in self.calls.read_text().splitlines() if line.split()[0] == name]


class SetupTests(unittest.TestCase):
    def setUp(self):
        self.machine = Machine(self)

    def fails(self, *words):
        end = self.machine.run("scripts/setup")
        self.assertNotEqual(end.returncode, 0)
        for word in words:
            self.assertIn(word, end.stderr)
        return end

    def test_nothing_is_installed_where_swift_is_missing(self):
        self.machine.has("dpkg-query", NOTHING)
        self.fails("Swift is missing, and nothing has been installed", "https://www.swift.org/install/linux/")
        self.assertEqual(self.machine.called("apt-get"), [])

    def test_a_swift_that_lacks_a_library_is_told_in_its_own_words(self):
        self.machine.has("swift", "echo 'error while loading shared libraries: libexample.so.6' >&2; exit 127")
        self.fails("does not run", "libexample.so.6")

    def test_a_swift_that_says_nothing_is_told(self):
        self.machine.has("swift", "exit 1")
        self.fails("does not run", "nothing at all")

    def test_a_swift_without_a_version_is_told(self):
        self.machine.has("swift", "echo 'OpenStack client'")
        self.fails("whose version can be read", "OpenStack client")

    def test_a_swift_that_is_too_old_is_told(self):
        for version in ["5.10.1", "6.0.3"]:
            self.machine.has("swift", f"echo 'Swift version {version} (swift-RELEASE)'")
            self.fails(f"Swift {version[:-2]}, which is too old", "6.1 or newer")

    def test_an_apt_get_that_fails_is_told(self):
        self.machine.has("swift", GOOD)
        self.machine.has("dpkg-query", NOTHING)
        for name in ["apt-get", "sudo"]:
            self.machine.has(name, "exit 100")
        self.fails("failed in line", "apt-get")

    def test_nothing_is_done_where_nothing_is_missing(self):
        self.machine.has("swift", GOOD)
        end = self.machine.run("scripts/setup")
        self.assertEqual((end.returncode, end.stdout, end.stderr), (0, "", ""))
        self.assertEqual(self.machine.called("apt-get") + self.machine.called("sudo"), [])

    def test_what_is_missing_is_installed_under_the_names_of_the_distribution(self):
        self.machine.has("swift", GOOD)
        self.machine.has("dpkg-query", NOTHING)
        for name in ["apt-get", "sudo"]:
            self.machine.has(name, "")
        end = self.machine.run("scripts/setup", "valgrind")
        self.assertEqual(end.returncode, 0, end.stderr)
        install = (self.machine.called("apt-get") + self.machine.called("sudo"))[-1]
        for package in ["install", "libssl-dev", "libstdc++-12-dev", "libcurl4", "libncurses6", "libxml2", "git", "valgrind"]:
            self.assertIn(package, install.split())
        self.assertNotIn("|", install)

    def test_what_needs_no_swift_is_installed_without_it(self):
        self.machine.has("dpkg-query", NOTHING)
        end = self.machine.run("scripts/setup", "--only", "buildah")
        self.assertEqual(end.returncode, 0, end.stderr)
        install = (self.machine.called("apt-get") + self.machine.called("sudo"))[-1]
        self.assertTrue(install.endswith(" buildah"), install)
        self.assertNotIn("libssl-dev", install)

    def test_a_library_under_its_newer_name_is_not_missing(self):
        self.machine.has("swift", GOOD)
        self.machine.has("dpkg-query", "case $* in *libcurl4) exit 1; esac; " + ALL)
        self.assertEqual(self.machine.run("scripts/setup").stderr, "")


class DemoTests(unittest.TestCase):
    def setUp(self):
        self.machine = Machine(self)
        self.machine.has("setup", "", "scripts")
        release = self.machine.folder / ".build/program"
        self.machine.has("build", f"mkdir -p {release}; cp {self.machine.folder}/program {release}/hysteria-gateway", "scripts")
        self.machine.has("program", "", ".")

    def test_a_port_that_is_taken_is_told_before_the_build(self):
        with socket.create_server(("127.0.0.1", 0)) as server:
            port = server.getsockname()[1]
            for option in [["--port", str(port)], [f"--port={port}"]]:
                end = self.machine.run("scripts/demo", *option)
                self.assertEqual(end.returncode, 69)
                self.assertIn(f"port {port} is taken", end.stderr)
                self.assertIn("scripts/demo --port ", end.stderr)
        self.assertEqual(self.machine.calls.read_text(), "")

    def test_what_the_demo_would_not_understand_is_told_before_the_build(self):
        for options in [["--prot", "9443"], ["--port"], ["--port", "http"], ["--port", "65536"], ["--users", "-1"], ["9443"]]:
            end = self.machine.run("scripts/demo", *options)
            self.assertEqual(end.returncode, 64, options)
            self.assertIn("usage: scripts/demo", end.stderr)
        self.assertEqual(self.machine.calls.read_text(), "")

    def test_only_a_first_build_is_announced(self):
        first = self.machine.run("scripts/demo", "--port", "0", "--users", "5")
        self.assertEqual(first.returncode, 0, first.stderr)
        self.assertIn("the first build takes", first.stderr)
        self.assertNotIn("the first build takes", self.machine.run("scripts/demo", "--port=0").stderr)
        self.assertEqual(self.machine.called("program"), ["program demo --port 0 --users 5", "program demo --port=0"])


if __name__ == "__main__":
    unittest.main()
