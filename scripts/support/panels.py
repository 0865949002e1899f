"""Asks the gateway as programs do that were made for Hysteria's API: panels.run(DEMO, STUNNEL-CONFIGURATION, FOLDER)"""
import http.client, json, os, pathlib, shutil, ssl, subprocess, time, urllib.parse


def connection(demo):
    site = urllib.parse.urlsplit(demo.site)
    return http.client.HTTPSConnection(site.hostname, site.port, context=ssl.create_default_context(cafile=demo.certificate), timeout=30)


def ask(connection, method, path, token, body=None, **fields):
    """As hysterical-panel and hy2dash do: the secret alone in Authorization, one kept connection."""
    connection.request(method, path, body, {"Authorization": token, "User-Agent": "Go-http-client/1.1", **fields})
    answer = connection.getresponse()
    return answer.status, answer.read().decode()


def requests_of_panels(connection, token):
    status, traffic = ask(connection, "GET", "/traffic", token)
    assert status == 200 and all(entry.keys() == {"tx", "rx"} for entry in json.loads(traffic).values()), (status, traffic)
    status, online = ask(connection, "GET", "/online", token)
    assert status == 200 and all(isinstance(count, int) for count in json.loads(online).values()), (status, online)
    status, streams = ask(connection, "GET", "/dump/streams", token)
    assert status == 200 and all("req_addr" in stream for stream in json.loads(streams)["streams"]), (status, streams)
    assert ask(connection, "POST", "/kick", token, '["wang"]', **{"Content-Type": "application/json"}) == (200, "")
    # Others have tried wrong tokens from this address before: what is asked too early is throttled.
    for _ in range(120):
        status, problem = ask(connection, "GET", "/traffic", "hg_wrong-0123456789abcdef")
        if status != 429: break
        time.sleep(1)
    assert status == 401 and "'Authorization: <token>'" in json.loads(problem)["detail"], (status, problem)


def library(demo):
    """The library hysteria2-api, where it is installed."""
    try:
        from hysteria2_api import Hysteria2Client
    except ImportError:
        return False
    os.environ["REQUESTS_CA_BUNDLE"] = demo.certificate
    client = Hysteria2Client(demo.site, secret=demo.token)
    assert client.get_traffic_stats().keys() and client.get_online_clients().keys()
    assert client.kick_clients(["wang"])
    return True


def stunnel(demo, text, folder):
    """A program that knows only http://, behind a TLS client on its own machine; where that is installed."""
    if not shutil.which("stunnel"): return False
    site = urllib.parse.urlsplit(demo.site)
    port = 20000 + os.getpid() % 10000
    for old, new in [("127.0.0.1:9998", f"127.0.0.1:{port}"), ("my.site.com:443", site.netloc), ("sni = my.site.com", "sni = localhost"),
                     ("checkHost = my.site.com", "checkHost = localhost"), ("CApath = /etc/ssl/certs", f"CAfile = {demo.certificate}")]:
        assert text.count(old) == 1, old
        text = text.replace(old, new)
    configuration = pathlib.Path(folder, "stunnel.conf")
    for checked, works in [(text, True), (text.replace("checkHost = localhost", "checkHost = other.example"), False)]:
        configuration.write_text(checked)
        process = subprocess.Popen(["stunnel", configuration], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        try:
            deadline = time.monotonic() + 60
            while True:
                try:
                    plain = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
                    plain.connect()
                    break
                except ConnectionRefusedError:
                    assert time.monotonic() < deadline and process.poll() is None, "stunnel does not listen"
                    time.sleep(0.1)
            try:
                requests_of_panels(plain, demo.token)
                assert works, "a gateway of another name got the token"
            except (http.client.HTTPException, ConnectionError):
                assert not works, "stunnel does not reach the gateway"
        finally:
            process.terminate()
            process.wait(30)
    return True


def run(demo, configuration, folder):
    requests_of_panels(connection(demo), demo.token)
    tried = [name for name, done in [("hysteria2-api", library(demo)), ("stunnel", stunnel(demo, configuration, folder))] if done]
    print(f"test-monitoring: the requests of panels are answered{', also by ' + ' and '.join(tried) if tried else ''}")
