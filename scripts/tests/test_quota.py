"""The recipe for quotas, docs/monitoring/hysteria-quota, with a gateway, a webhook and a Telegram that are made up."""
import http.server, json, os, pathlib, shutil, subprocess, tempfile, threading, unittest, urllib.parse

DOCUMENTS = pathlib.Path(__file__).resolve().parent.parent.parent / "docs/monitoring"
GIB = 1 << 30
START, END = "2026-11-15T00:00:00+08:00", "2026-12-15T00:00:00+08:00"
TOKEN, BOT, CHAT, HOOK = "hg_made-up", "1234567:made-up", "-1001234", "/hooks/made-up"


def user(name, percent, quota=100 * GIB, start=START, end=END):
    """A user of /users; without a quota where it is None."""
    used = (quota or GIB) * percent // 100
    figures = {"start": start, "end": end, "tx": 0, "rx": used, "used": used, "quota": quota, "forecast": None}
    figures["remaining"] = None if quota is None else max(0, quota - used)
    figures["percent"] = None if quota is None else used * 100 // quota
    figures["exceeded"] = None if quota is None else used >= quota
    return {"user": name, "devices": None, "tx": 0, "rx": used, "period": figures}


class World:
    """What the recipe talks to: the gateway's /users, and whoever gets messages."""

    def __init__(self):
        self.users, self.messages, self.refused = [], [], None
        world = self

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_GET(self):
                right = self.path == "/users" and self.headers["Authorization"] == f"Bearer {TOKEN}"
                self.answer(200 if right else 401, json.dumps({"users": world.users}).encode())

            def do_POST(self):
                body = self.rfile.read(int(self.headers["Content-Length"])).decode()
                if world.refused and world.refused in body:
                    return self.answer(500, b"")
                world.messages.append((self.path, self.headers["Content-Type"], body))
                self.answer(200, b"{}")

            def answer(self, status, body):
                self.send_response(status)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_):
                pass

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.site = f"http://127.0.0.1:{self.server.server_address[1]}"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def close(self):
        self.server.shutdown()
        self.server.server_close()


@unittest.skipUnless(all(map(shutil.which, ["curl", "jq", "flock"])), "it needs curl, jq and flock")
class QuotaTests(unittest.TestCase):
    def setUp(self):
        self.world = World()
        self.addCleanup(self.world.close)
        self.home = pathlib.Path(tempfile.mkdtemp(prefix="quota-"))
        self.addCleanup(shutil.rmtree, self.home)
        self.folder = self.home / ".config/hysteria"
        self.folder.mkdir(parents=True)
        (self.folder / "header").write_text(f"Authorization: Bearer {TOKEN}\n")
        (self.folder / "webhook").write_text(f'url = "{self.world.site}{HOOK}"\n')
        (self.folder / "telegram").write_text(f'url = "{self.world.site}/bot{BOT}/sendMessage"\ndata = "chat_id={CHAT}"\n')
        (self.home / "bin").mkdir()
        # What another user would see in `ps`.
        (self.home / "bin/curl").write_text(
            f'#!/bin/sh\ncase "$*" in *made-up*) echo "a secret is on the command line" >&2; exit 99;; esac\n'
            f'exec {shutil.which("curl")} "$@"\n')
        script = (DOCUMENTS / "hysteria-quota").read_text()
        self.assertIn("site=https://my.site.com\n", script)
        (self.home / "bin/hysteria-quota").write_text(script.replace("https://my.site.com", self.world.site))
        for program in (self.home / "bin").iterdir():
            program.chmod(0o755)

    def run_script(self, *arguments, shell="sh"):
        environment = {"HOME": str(self.home), "PATH": f"{self.home}/bin:{os.environ['PATH']}", "LC_ALL": "C.UTF-8"}
        return subprocess.run([shell, str(self.home / "bin/hysteria-quota"), *arguments], env=environment, text=True,
                              capture_output=True, timeout=60)

    def sent(self, way="telegram", status=0):
        """Runs it; the texts of the messages that it sent."""
        self.world.messages.clear()
        end = self.run_script(way)
        self.assertEqual((end.returncode == 0, bool(end.stderr)), (status == 0, status != 0), end.stderr)
        texts = []
        for path, kind, body in self.world.messages:
            if way == "telegram":
                fields = dict(urllib.parse.parse_qsl(body))
                self.assertEqual((path, fields["chat_id"]), (f"/bot{BOT}/sendMessage", CHAT))
                texts.append(fields["text"].rstrip("\n"))
            else:
                self.assertEqual((path, kind), (HOOK, "application/json"))
                texts.append(json.loads(body))
        return texts

    def test_each_level_is_said_once(self):
        said = []
        for percent in [10, 79, 80, 85, 89, 90, 99, 100, 130]:
            self.world.users = [user("wang", percent)]
            said += self.sent()
            self.assertEqual(self.sent(), [], percent)
        self.assertEqual(said, [
            "wang: 80 % of 100 GiB used, 20 GiB left until 2026-12-15",
            "wang: 90 % of 100 GiB used, 10 GiB left until 2026-12-15",
            "wang: 100 % of 100 GiB used, nothing left until 2026-12-15",
        ])

    def test_levels_that_were_passed_meanwhile_are_one_message(self):
        self.world.users = [user("wang", 95)]
        self.assertEqual(self.sent(), ["wang: 95 % of 100 GiB used, 5 GiB left until 2026-12-15"])
        self.world.users = [user("wang", 101)]
        self.assertEqual(len(self.sent()), 1)

    def test_a_new_period_and_a_new_quota_begin_from_the_start(self):
        self.world.users = [user("wang", 100)]
        self.assertEqual(len(self.sent()), 1)
        self.world.users = [user("wang", 81, quota=200 * GIB)]
        self.assertEqual(len(self.sent()), 1)
        self.world.users = [user("wang", 81, quota=200 * GIB, start=END, end="2027-01-15T00:00:00+08:00")]
        self.assertEqual(self.sent(), ["wang: 81 % of 200 GiB used, 38 GiB left until 2027-01-15"])
        self.assertEqual(self.sent(), [])

    def test_what_could_not_be_sent_is_sent_the_next_time_and_nothing_twice(self):
        self.world.users = [user(name, 80) for name in ["anna", "chen", "wang"]]
        self.world.refused = "chen"
        self.assertEqual([text.split(":")[0] for text in self.sent(status=1)], ["anna"])
        self.assertEqual(self.sent(status=1), [])
        self.world.refused = None
        self.assertEqual([text.split(":")[0] for text in self.sent()], ["chen", "wang"])
        self.assertEqual(self.sent(), [])

    def test_who_has_no_quota_is_not_spoken_of(self):
        self.world.users = [user("wang", 500, quota=None), {"user": "new", "period": None}]
        self.assertEqual(self.sent(), [])

    def test_a_webhook_gets_figures_and_both_names_of_the_text(self):
        self.world.users = [user("wang", 92)]
        (message,) = self.sent("webhook")
        self.assertEqual(message["text"], message["content"])
        self.assertEqual({name: message[name] for name in ["user", "level", "percent", "quota", "start", "end"]},
                         {"user": "wang", "level": 90, "percent": 92, "quota": 100 * GIB, "start": START, "end": END})
        self.assertEqual(message["used"] + message["remaining"], message["quota"])
        # Each way has a memory of its own.
        self.assertEqual(len(self.sent("telegram")), 1)
        self.assertEqual(self.sent("webhook"), [])

    def test_names_are_taken_as_they_are(self):
        names = ["王", 'quote"d', "back\\slash\\n", "$(id)", "-n", "line\nbreak", "a b", "%s", "user=1&x"]
        self.world.users = [user(name, 80) for name in names]
        texts = [message["text"].split(": 80 %")[0] for message in self.sent("webhook")]
        self.assertEqual(texts, [name.replace("\n", "?") for name in names])
        self.assertEqual(self.sent("webhook"), [])
        self.assertEqual([text.split(": 80 %")[0] for text in self.sent("telegram")], [name.replace("\n", "?") for name in names])

    def test_a_memory_that_is_broken_is_begun_again(self):
        self.world.users = [user("wang", 80)]
        for broken in ["", "{", "[]"]:
            (self.folder / "quota-telegram.json").write_text(broken)
            self.assertEqual(len(self.sent()), 1, broken)

    def test_a_gateway_that_does_not_answer_is_an_error_and_forgets_nothing(self):
        self.world.users = [user("wang", 80)]
        self.assertEqual(len(self.sent()), 1)
        (self.folder / "header").write_text("Authorization: Bearer hg_other\n")
        self.assertEqual(self.sent(status=1), [])
        (self.folder / "header").write_text(f"Authorization: Bearer {TOKEN}\n")
        self.assertEqual(self.sent(), [])

    def test_the_usage_is_told(self):
        for arguments in [[], ["mail"]]:
            end = self.run_script(*arguments)
            self.assertEqual(end.returncode, 64)
            self.assertIn("hysteria-quota webhook", end.stderr)

    @unittest.skipUnless(shutil.which("systemd-analyze"), "it needs systemd")
    def test_systemd_takes_the_timer(self):
        for name in ["hysteria-quota.service", "hysteria-quota.timer"]:
            shutil.copy(DOCUMENTS / name, self.home)
        end = subprocess.run(["systemd-analyze", "verify", "--user", "--man=no", f"{self.home}/hysteria-quota.timer"], text=True,
                             capture_output=True, env={**os.environ, "HOME": str(self.home), "XDG_RUNTIME_DIR": str(self.home)})
        self.assertEqual((end.returncode, end.stderr.strip()), (0, ""))
        self.assertEqual(subprocess.run(["systemd-analyze", "calendar", "*:0/5"], capture_output=True).returncode, 0)


if __name__ == "__main__":
    unittest.main()
