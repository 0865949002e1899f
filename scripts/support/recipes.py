"""Runs the recipes of docs/monitoring/README.md: recipes.run(DEMO, PROMTOOL, FOLDER)"""
import http.server, json, os, pathlib, re, shutil, subprocess, threading, urllib.parse
import jinja2, yaml

DOCUMENTS = pathlib.Path("docs/monitoring")
BOT, CHAT = "1234567:made-up", "-1001234"


def blocks(kind):
    """The blocks of the page that are marked as being of this kind."""
    text = (DOCUMENTS / "README.md").read_text()
    return re.findall(rf"^```{kind}\n(.*?)^```$", text, re.M | re.S)


def only(items):
    assert len(items) == 1, items
    return items[0]


class Telegram:
    """A simulated Telegram, which keeps what it is sent; to be used in a `with` statement."""

    def __enter__(self):
        messages = self.messages = []

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_POST(self):
                body = self.rfile.read(int(self.headers["Content-Length"])).decode()
                messages.append((self.path, dict(urllib.parse.parse_qsl(body))))
                self.send_response(200)
                self.end_headers()
                self.wfile.write(b'{"ok":true}')

            def log_message(self, *_):
                pass

        self.server = http.server.HTTPServer(("127.0.0.1", 0), Handler)
        self.site = f"http://127.0.0.1:{self.server.server_address[1]}"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()
        return self

    def __exit__(self, *_):
        self.server.shutdown()
        self.server.server_close()

    def take(self):
        """The text of the only message since the last look."""
        path, fields = only(self.messages)
        self.messages.clear()
        assert path == f"/bot{BOT}/sendMessage" and fields["chat_id"] == CHAT and fields["parse_mode"] == "HTML", (path, fields)
        return re.fullmatch(r"<pre>(.*)</pre>\n?", fields["text"], re.S)[1]


class Recipes:
    def __init__(self, demo, telegram, folder):
        self.demo, self.telegram, self.home = demo, telegram, pathlib.Path(folder, "home")
        programs = self.home / "bin"
        programs.mkdir(parents=True)
        # What another user would see in `ps`.
        (programs / "curl").write_text(
            '#!/bin/sh\ncase "$*" in *hg_*|*made-up*) echo "a token is on the command line: $*" >&2; exit 99;; esac\n'
            f'exec {shutil.which("curl")} "$@"\n')
        (programs / "hysteria-telegram").write_text(self.here((DOCUMENTS / "hysteria-telegram").read_text()))
        for program in programs.iterdir(): program.chmod(0o755)
        self.environment = {
            "HOME": str(self.home), "PATH": f"{programs}:{os.environ['PATH']}", "CURL_CA_BUNDLE": demo.certificate, "LC_ALL": "C.UTF-8"}

    def here(self, text):
        return text.replace("https://my.site.com", self.demo.site).replace("https://api.telegram.org", self.telegram.site)

    def shell(self, text, typed="", shell="bash", status=0):
        result = subprocess.run(
            [shell, "-c", self.here(text)], input=typed, env=self.environment, cwd=self.home, capture_output=True, text=True, timeout=60)
        if result.returncode != status or (status == 0 and result.stderr.strip()):
            raise SystemExit(f"{text}\nended with {result.returncode}:\n{result.stdout}{result.stderr}")
        return result.stdout

    def commands(self):
        header, table, online, gibibytes, bot = blocks("sh")
        self.shell(header, f"{self.demo.token}\n")
        self.shell(bot, f"{BOT}\n{CHAT}\n")
        for name in ["header", "telegram"]:
            assert (self.home / ".config/hysteria" / name).stat().st_mode & 0o077 == 0, name
        assert "(12 users)" in self.shell(table)
        assert int(self.shell(online)) > 0
        rows = self.shell(gibibytes).splitlines()
        assert len(rows) == 12 and all(re.fullmatch(r'"[^"]+",[\d.]+,[\d.]+', row) for row in rows), rows

    def cron(self):
        """As cron does it: by sh, and a percent sign ends the command where no backslash stands before it."""
        lines = [line for block in blocks("crontab") for line in block.splitlines()]
        commands = [line.split(None, 5)[5] for line in lines]
        assert not any(re.search(r"(?<!\\)%", command) for command in commands), commands
        look, hourly, monthly, watch, report = [command.replace(r"\%", "%") for command in commands]
        assert self.shell(look, shell="sh") == ""
        self.shell(hourly, shell="sh")
        line = json.loads(only((self.home / "hysteria.jsonl").read_text().splitlines()))
        assert line.keys() == {"time", "traffic"} and len(line["traffic"]) == 12, line
        self.shell(report, shell="sh")
        assert "(12 users)" in self.telegram.take()
        state = self.home / ".config/hysteria/state"
        self.shell(watch, shell="sh")
        assert not self.telegram.messages and not state.exists()
        state.write_text("down\n")
        self.shell(watch, shell="sh")
        assert self.telegram.take().endswith(" is up. ")

        self.shell(monthly, shell="sh")
        figures = json.loads(only(list(self.home.glob("hysteria-2*.json"))).read_text())
        assert figures.keys() == line["traffic"].keys()
        return watch

    def monitors(self):
        """As Uptime Kuma asks, with the fields that are to be given there, or by Basic authentication."""
        (name, value), = json.loads(only(blocks("json"))).items()
        header = f"{name}: {value.replace('hg_…', self.demo.token)}\n"
        for path, fields in [("/healthz", ""), ("/online", header), ("/traffic?format=text", header)]:
            self.shell(f"curl -fsS -o /dev/null -H @- '{self.demo.site}{path}'", fields)
        self.shell(f"curl -fsS -o /dev/null --config - '{self.demo.site}/online'", f'user = "any:{self.demo.token}"\n')
        # 22: curl for a status of 400 and more.
        self.shell(f"curl -fsS -o /dev/null '{self.demo.site}/online'", status=22)

    def home_assistant(self):
        """Its YAML with its own tag, and its templates with what the gateway answers."""
        class Loader(yaml.SafeLoader):
            pass

        Loader.add_constructor("!secret", lambda loader, node: {"hysteria_authorization": f"Bearer {self.demo.token}"}[node.value])
        _, text = blocks("yaml")
        for resource in yaml.load(text, Loader)["rest"]:
            header = f"Authorization: {resource['headers']['Authorization']}\n"
            answer = json.loads(self.shell(f"curl -fsS -H @- {resource['resource']}", header))
            for sensor in resource["sensor"]:
                template = jinja2.Environment().from_string(sensor["value_template"])
                value = template.render(value_json=answer)
                wanted = answer.get("wang", 0)
                assert int(value) in (wanted.values() if isinstance(wanted, dict) else [wanted]), (sensor["name"], value)
                # What a sensor makes of an error: unknown, or nobody.
                try:
                    assert template.render(value_json={"type": "about:blank", "status": 502}) == "0"
                    assert sensor["state_class"] == "measurement"
                except jinja2.UndefinedError:
                    assert sensor["state_class"] == "total_increasing"


def run(demo, promtool, folder):
    """Runs all of them. The demo is ended on the way, to see what the recipes do then."""
    with Telegram() as telegram:
        recipes = Recipes(demo, telegram, folder)
        recipes.commands()
        recipes.home_assistant()
        recipes.monitors()
        watch = recipes.cron()
        rules = pathlib.Path(folder, "users.yml")
        rules.write_text(blocks("yaml")[0])
        subprocess.run([promtool, "check", "rules", rules], check=True, stdout=subprocess.DEVNULL)
        demo.__exit__()
        recipes.shell(watch, shell="sh")
        assert " is down. curl: " in telegram.take()
        recipes.shell(watch, shell="sh")
        assert not telegram.messages
