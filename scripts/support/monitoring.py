"""Looks at what docs/monitoring promises, with a real Prometheus: monitoring.py PROGRAM FOLDER-OF-PROMETHEUS"""
import json, os, pathlib, re, shutil, ssl, subprocess, sys, tempfile, threading, time, urllib.error, urllib.request
import ledger_gateway, panels, recipes
from demo import Demo
from ledger_hysteria import Hysteria
from prometheus import Prometheus, until

PROGRAM, TOOLS = sys.argv[1], pathlib.Path(sys.argv[2])
DOCUMENTS = pathlib.Path("docs/monitoring")
PROMETHEUS, PROMTOOL = (TOOLS / name for name in ("prometheus", "promtool"))
NAME = re.compile(r"\b(?:hysteria|process)_\w+|\b[a-z]\w*:\w+:\w+")


def promtool(*arguments, **options):
    """Runs promtool, and returns what it said; a word of blame on standard error counts as one."""
    result = subprocess.run([PROMTOOL, *map(str, arguments)], capture_output=True, text=True, **options)
    if result.returncode or result.stderr.strip():
        raise SystemExit(f"promtool {' '.join(map(str, arguments))}\n{result.stdout}{result.stderr}")
    return result.stdout


def replaced(text, *pairs):
    for old, new in pairs:
        assert text.count(old) == 1, f"{text.count(old)} times in the configuration: {old}"
        text = text.replace(old, new)
    return text


def configuration(demo, folder):
    """The configuration of the documents with the demo as its target, and faster."""
    (folder / "token").write_text(demo.token + "\n")
    text = replaced(
        (DOCUMENTS / "prometheus.yml").read_text(), ("my.site.com\"]", demo.site.removeprefix("https://") + '"]'),
        ("/etc/prometheus/hysteria.token", str(folder / "token")), ("# tls_config:", "tls_config:"),
        ("#   ca_file: /etc/prometheus/hysteria-ca.pem", f"  ca_file: {demo.certificate}"),
        ("scrape_interval: 30s", "scrape_interval: 1s"), ("evaluation_interval: 30s", "evaluation_interval: 1s"))
    shutil.copy(DOCUMENTS / "hysteria.rules.yml", folder)
    (folder / "prometheus.yml").write_text(text)
    promtool("check", "config", folder / "prometheus.yml")
    return folder / "prometheus.yml"


def ask(demo, path, token=None):
    """An answer of the gateway, on a connection of its own."""
    request = urllib.request.Request(demo.site + path, headers={"Authorization": f"Bearer {token or demo.token}"})
    try:
        with urllib.request.urlopen(request, context=ssl.create_default_context(cafile=demo.certificate), timeout=30) as answer:
            return answer.read().decode()
    except urllib.error.HTTPError as error:
        return error.read().decode()


def expressions(dashboard):
    """All queries of the dashboard, by what they are for."""
    for panel in dashboard["panels"]:
        for target in panel.get("targets", []):
            yield f"{panel['title']} {target['refId']}", target["expr"]
    for annotation in dashboard["annotations"]["list"]:
        if "expr" in annotation: yield annotation["name"], annotation["expr"]


def check_names(metrics, dashboard):
    """Whatever the documents name exists, and what exists is documented."""
    kinds = dict(re.findall(r"^# TYPE (\S+) (\S+)$", metrics, re.M))
    histograms = [name + suffix for name, kind in kinds.items() if kind == "histogram" for suffix in ("_bucket", "_sum", "_count")]
    rules = (DOCUMENTS / "hysteria.rules.yml").read_text()
    recorded = re.findall(r"- record: (\S+)", rules)
    known = {*kinds, *histograms, *recorded}
    used = "\n".join([*(text for _, text in expressions(dashboard)), *(item["query"]["query"] for item in
        dashboard["templating"]["list"] if item["type"] == "query"), *re.findall(r"expr: (.*(?:\n {10}.*)*)", rules)])
    unknown = sorted(set(NAME.findall(used)) - known)
    assert not unknown, f"/metrics does not give {unknown}"
    documented = set(re.findall(r"`((?:hysteria|process)_\w+)(?:\{[^`]*)?`", pathlib.Path("docs/metrics.md").read_text()))
    assert documented == set(kinds), f"only in docs/metrics.md or only in /metrics: {sorted(documented ^ set(kinds))}"


def check_prometheus(prometheus, demo, dashboard):
    """Prometheus scrapes, counts, takes the rules, and answers whatever the dashboard asks."""
    until("Hysteria is up", lambda: [value for _, value in prometheus.query("hysteria_up")] == [1])
    target, = prometheus.ask("targets")["activeTargets"]
    assert target["health"] == "up" and target["scrapeUrl"] == f"{demo.site}/metrics", target
    until("two series of traffic for each user", lambda: prometheus.query("count(hysteria_traffic_bytes_total)") == [({}, 24)])
    before = dict((labels["direction"], value) for labels, value in prometheus.query("hysteria_all_traffic_bytes_total"))
    assert before.keys() == {"uplink", "downlink"}
    for direction, value in before.items():
        grows = f'hysteria_all_traffic_bytes_total{{direction="{direction}"}} > {value:.0f}'
        until(f"the {direction} grows", lambda: prometheus.query(grows))

    def rules():
        all = [rule for group in prometheus.ask("rules")["groups"] for rule in group["rules"]]
        wrong = [(rule["name"], rule["lastError"]) for rule in all if rule.get("lastError")]
        assert not wrong, wrong
        return all and all[0]["health"] == "ok" and {rule["health"] for rule in all} == {"ok"}
    until("all rules are evaluated", rules)

    variables = {"$__rate_interval": "15s", "$__range": "1m", "$job": "hysteria", "$instance": ".+", "$user": ".*"}
    # These have no figures while all is well.
    quiet = {"Errors of Hysteria A", "Restarts of the gateway"}
    for name, text in [*expressions(dashboard), *(("README", block) for block in recipes.blocks("promql"))]:
        for variable, value in variables.items(): text = text.replace(variable, value)
        # Callers of all kinds meanwhile, and several connections.
        seen = lambda: (ask(demo, "/online"), ask(demo, "/traffic", "hg_wrong"), prometheus.query(text))[-1]
        if name in quiet: prometheus.query(text)
        else: until(f"figures for {name}: {text}", seen)


def check_restarts(folder):
    """Counters go on through the ends of the gateway and of Hysteria: Prometheus sees no reset, and no byte twice."""
    hysteria = Hysteria(["wang", "joe"], ledger_gateway.SECRET, 1)
    hysteria.start()
    gateway = ledger_gateway.Gateway(PROGRAM, hysteria)
    gateway.start()
    (folder / "restarts").mkdir()
    (folder / "restarts/token").write_text(ledger_gateway.TOKEN)
    (folder / "restarts/prometheus.yml").write_text(f"""
global: {{scrape_interval: 1s}}
scrape_configs:
  - job_name: hysteria
    scheme: https
    authorization: {{credentials_file: {folder}/restarts/token}}
    tls_config: {{ca_file: {gateway.folder}/certificate.pem}}
    static_configs: [{{targets: ["127.0.0.1:{gateway.port}"]}}]
""")
    moving, is_over = threading.Event(), threading.Event()

    def load():
        while not is_over.is_set():
            if moving.wait(0.1):
                hysteria.move("wang", 10_000, 100_000)
                hysteria.move("joe", 1_000, 2_000)
                time.sleep(0.02)
    threading.Thread(target=load, daemon=True).start()
    total = "sum(hysteria_traffic_bytes_total)"

    with Prometheus(PROMETHEUS, folder / "restarts/prometheus.yml", folder / "restarts") as prometheus:
        def caught_up():
            truth = sum(map(sum, hysteria.total().values()))
            return truth and prometheus.query(total) == [({}, truth)] and truth

        moving.set()
        until("figures of both users", lambda: prometheus.query("count(hysteria_traffic_bytes_total)") == [({}, 4)])
        moving.clear()
        time.sleep(0.1)
        first = until("what moved so far", caught_up)
        for end in ("kill", "stop", "kill", "hysteria"):
            moving.set()
            until("more", lambda: prometheus.query(f"{total} > {first}"))
            if end == "hysteria":
                # All is read before it ends, so that nothing may be missing.
                moving.clear()
                time.sleep(0.1)
                until("what moved before Hysteria ends", caught_up)
                hysteria.stop()
                hysteria.start()
                moving.set()
            else:
                getattr(gateway, end)()
                time.sleep(2)
                gateway.start()
            time.sleep(2)
        moving.clear()
        is_over.set()
        time.sleep(0.1)
        last = until("all that moved", caught_up)
        resets = prometheus.query("sum(resets(hysteria_traffic_bytes_total[10m]))")
        assert resets == [({}, 0)], f"a counter fell: {resets}"
        # What Prometheus makes of the samples: it extrapolates to the edges of its range, and here to less than a tenth.
        (_, increase), = prometheus.query("sum(increase(hysteria_traffic_bytes_total[10m]))")
        assert increase <= last * 1.1, f"increase says {increase:.0f} of {last} bytes"
        (_, seen), = prometheus.query(f"{total} - sum(min_over_time(hysteria_traffic_bytes_total[10m]))")
        assert seen <= last, f"{seen} of {last}"
        print(f"test-monitoring: 3 ends of the gateway, 1 of Hysteria: no reset, {last} bytes, of which increase() says "
              f"{100 * increase / last:.1f} %")
    gateway.stop()
    hysteria.stop()


def main(folder):
    promtool("check", "rules", DOCUMENTS / "hysteria.rules.yml")
    promtool("test", "rules", "hysteria.rules.test.yml", cwd=DOCUMENTS)
    dashboard = json.loads((DOCUMENTS / "grafana-dashboard.json").read_text())
    with Demo(PROGRAM, 12) as demo:
        # Clears have figures from the first one on.
        ask(demo, "/traffic?clear=1")
        metrics = ask(demo, "/metrics")
        promtool("check", "metrics", input=metrics)
        check_names(metrics, dashboard)
        with Prometheus(PROMETHEUS, configuration(demo, folder), folder) as prometheus:
            check_prometheus(prometheus, demo, dashboard)
        check_restarts(folder)
        panels.run(demo, recipes.only(recipes.blocks("ini")), folder)
        recipes.run(demo, PROMTOOL, folder)
    print("test-monitoring: Prometheus takes the metrics, the rules and the dashboard's queries; the recipes work")


with tempfile.TemporaryDirectory(prefix="monitoring-") as name:
    os.umask(0o077)
    main(pathlib.Path(name))
