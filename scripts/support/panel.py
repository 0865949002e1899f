"""Pages of other sites, which ask a gateway from a browser: it lets them read what `cors` allows."""
import hashlib, http.server, secrets, threading
from gateway import Gateway
from hysteria import Hysteria

ASK = """async ([url, token, body]) => {
    const headers = {Authorization: `Bearer ${token}`}
    if (body) headers["Content-Type"] = "application/json"
    try {
        const answer = await fetch(url, {method: body ? "POST" : "GET", headers, body})
        const text = await answer.text()
        return [answer.status, answer.headers.get("Retry-After"), text]
    } catch (error) {
        return [0, null, String(error)]
    }
}"""


class Site(http.server.BaseHTTPRequestHandler):
    """An empty page, at any path."""

    def do_GET(self):
        self.send_response(200)
        self.send_header("Content-Type", "text/html")
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *_):
        pass


def site():
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Site)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    return f"http://127.0.0.1:{server.server_address[1]}"


def panel(browser, program):
    """What the page of a site that is named can read, and what that of another cannot."""
    hysteria, named, other, token = Hysteria(3), site(), site(), "hg_" + secrets.token_urlsafe(32)
    upstream = f'{{address: "127.0.0.1:{hysteria.start()}", secret: {hysteria.secret}}}'
    digest = hashlib.sha256(token.encode()).hexdigest()
    tokens = f'{{name: panel, hash: "sha256:{digest}", scopes: [traffic, kick]}}'
    with Gateway(program, upstream=upstream, tokens=tokens, further=f'cors: ["{named}"]') as gateway:
        page = browser.new_context(ignore_https_errors=True).new_page()

        def ask(path, shown=token, body=None):
            return page.evaluate(ASK, [f"https://127.0.0.1:{gateway.port}{path}", shown, body])

        page.goto(named)
        assert ask("/traffic") == [200, None, hysteria.answers["GET", "/traffic"].decode()]
        assert ask("/kick", body='["user-00001"]') == [200, None, ""]
        found = ask("/online")
        assert found[0] == 403 and ":forbidden" in found[2], found
        refused = [ask("/traffic", shown="hg_wrong") for _ in range(12)]
        assert refused[0][0] == 401 and "unauthorized" in refused[0][2], refused
        assert refused[-1][0] == 429 and int(refused[-1][1]) > 0, refused
        calls = hysteria.calls
        page.goto(other)
        for answer in [ask("/traffic"), ask("/healthz"), ask("/kick", body='["user-00001"]'), ask("/traffic", shown="hg_wrong")]:
            assert answer[0] == 0 and "Failed to fetch" in answer[2], answer
        assert hysteria.calls == calls, "what a browser asks beforehand is not to be asked after a refusal"
    print("test-page: a site that cors names reads answers and errors, and another reads nothing")
