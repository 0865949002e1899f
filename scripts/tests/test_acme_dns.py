"""The examples for dns-01, docs/acme-dns, called as the gateway calls them, with a curl and an nsupdate that are made up."""
import json, os, pathlib, shutil, subprocess, sys, tempfile, unittest

FOLDER = pathlib.Path(__file__).resolve().parent.parent.parent / "docs/acme-dns"
NAME, VALUE = "_acme-challenge.my.site.com.", "evaGxfADs6pSRb2LAv9IZf17Dt3juxGJ-PCt92wr-oA"

# Notes how it was called, and answers what is in the file `answer`, with the status in the file `status`.
STUB = f"""#!{sys.executable}
import json, pathlib, sys
folder = pathlib.Path(__file__).resolve().parent
body = "" if sys.stdin.isatty() else sys.stdin.read()
with open(folder / "calls", "a") as calls:
    calls.write(json.dumps([pathlib.Path(__file__).name, sys.argv[1:], body]) + "\\n")
print((folder / "answer").read_text())
sys.exit(int((folder / "status").read_text()))
"""


@unittest.skipUnless(shutil.which("jq"), "it needs jq")
class ExampleTests(unittest.TestCase):
    def setUp(self):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="acme-dns-"))
        self.addCleanup(shutil.rmtree, self.folder)
        for name in ("curl", "nsupdate"):
            (self.folder / name).write_text(STUB)
            (self.folder / name).chmod(0o755)
        self.set("{}")

    def set(self, answer, status=0):
        (self.folder / "answer").write_text(answer)
        (self.folder / "status").write_text(str(status))

    def run_example(self, name, *arguments):
        """The end of an example, and the calls that it made; in the environment that the gateway gives it."""
        (self.folder / "calls").unlink(missing_ok=True)
        environment = {"PATH": f"{self.folder}:/usr/local/bin:/usr/bin:/bin", "LANG": "C.UTF-8", "HOME": "/"}
        end = subprocess.run([FOLDER / name, *arguments], env=environment, stdin=subprocess.DEVNULL, text=True,
                             capture_output=True, timeout=60)
        calls = self.folder / "calls"
        lines = calls.read_text().splitlines() if calls.exists() else []
        return end, [json.loads(line) for line in lines]

    def test_each_is_short_and_can_be_run(self):
        names = sorted(path.name for path in FOLDER.iterdir() if path.suffix != ".md")
        self.assertEqual(names, ["acme-dns", "cloudflare", "nsupdate"])
        for name in names:
            self.assertLessEqual(len((FOLDER / name).read_text().splitlines()), 30, name)
            self.assertTrue(os.access(FOLDER / name, os.X_OK), name)

    @unittest.skipUnless(shutil.which("shellcheck"), "it needs shellcheck")
    def test_shellcheck_has_nothing_to_say(self):
        end = subprocess.run(["shellcheck", *(FOLDER / name for name in ("acme-dns", "cloudflare", "nsupdate"))], text=True, capture_output=True)
        self.assertEqual((end.returncode, end.stdout), (0, ""))

    def test_anything_but_the_contract_is_refused_and_calls_nobody(self):
        for name in ("acme-dns", "cloudflare", "nsupdate"):
            for arguments in ([], ["present"], ["present", NAME], ["timeout", NAME, VALUE], ["present", NAME, VALUE, "more"]):
                end, calls = self.run_example(name, *arguments)
                self.assertEqual((end.returncode, calls), (64, []), (name, arguments))
                self.assertIn("usage: ", end.stderr)

    def test_a_failure_is_a_failure_and_its_words_are_kept(self):
        self.set("no such zone", 22)
        for name, actions in (("acme-dns", ["present"]), ("cloudflare", ["present", "cleanup"]), ("nsupdate", ["present", "cleanup"])):
            for action in actions:
                end, calls = self.run_example(name, action, NAME, VALUE)
                self.assertNotEqual(end.returncode, 0, (name, action))
                self.assertEqual(len(calls), 1)
                self.assertIn("no such zone", end.stdout + end.stderr)

    def test_cloudflare_makes_a_record(self):
        end, calls = self.run_example("cloudflare", "present", NAME, VALUE)
        self.assertEqual((end.returncode, len(calls)), (0, 1), end.stderr)
        _, arguments, body = calls[0]
        self.assertEqual(json.loads(body), {"type": "TXT", "name": NAME[:-1], "content": f'"{VALUE}"', "ttl": 60})
        self.assertTrue(arguments[-1].startswith("https://api.cloudflare.com/client/v4/zones/"))
        self.assertTrue(arguments[-1].endswith("/dns_records"))
        self.assertIn("/etc/hysteria-gateway/cloudflare", arguments)
        self.assertNotIn("Authorization", " ".join(arguments))

    def test_cloudflare_removes_its_own_record_alone(self):
        records = [{"id": "1" * 32, "content": f'"{VALUE}"'}, {"id": "2" * 32, "content": '"another"'}, {"id": "3" * 32, "content": VALUE}]
        self.set(json.dumps({"success": True, "result": records}))
        end, calls = self.run_example("cloudflare", "cleanup", NAME, VALUE)
        self.assertEqual((end.returncode, len(calls)), (0, 3), end.stderr)
        self.assertIn(f"name={NAME[:-1]}", calls[0][1])
        self.assertIn("-G", calls[0][1])
        for call, digit in zip(calls[1:], "13"):
            self.assertEqual(call[1][-3:], ["-X", "DELETE", calls[0][1][-1] + "/" + digit * 32])

    def test_cloudflare_is_content_if_there_is_nothing_to_remove(self):
        self.set('{"success": true, "result": []}')
        end, calls = self.run_example("cloudflare", "cleanup", NAME, VALUE)
        self.assertEqual((end.returncode, len(calls)), (0, 1), end.stderr)

    def test_nsupdate_sends_one_update(self):
        for action, line in (("present", f'update add {NAME} 60 IN TXT "{VALUE}"'), ("cleanup", f'update delete {NAME} IN TXT "{VALUE}"')):
            end, calls = self.run_example("nsupdate", action, NAME, VALUE)
            self.assertEqual((end.returncode, len(calls)), (0, 1), end.stderr)
            self.assertEqual(calls[0][1], ["-t", "30", "-k", "/etc/hysteria-gateway/tsig.key"])
            self.assertEqual(calls[0][2].splitlines(), ["server ns1.site.com", line, "send"])

    def test_acme_dns_sets_a_value_and_has_nothing_to_remove(self):
        end, calls = self.run_example("acme-dns", "present", NAME, VALUE)
        self.assertEqual((end.returncode, len(calls)), (0, 1), end.stderr)
        self.assertEqual(json.loads(calls[0][2])["txt"], VALUE)
        self.assertIn("https://auth.acme-dns.io/update", calls[0][1])
        self.assertNotIn("X-Api-Key", " ".join(calls[0][1]))
        end, calls = self.run_example("acme-dns", "cleanup", NAME, VALUE)
        self.assertEqual((end.returncode, calls), (0, []))


if __name__ == "__main__":
    unittest.main()
