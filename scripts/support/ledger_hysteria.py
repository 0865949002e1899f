"""A Hysteria that knows the truth: its stats API, with counters that a test moves, restarts and clears."""
import http.server
import json
import random
import socket
import threading
import urllib.parse


class Hysteria:
    """Counters as Hysteria keeps them, and beside them all that was ever moved."""

    def __init__(self, users, secret, seed):
        self.secret = secret
        self.random = random.Random(seed)
        self.lock = threading.Lock()
        self.counters = {}
        self.truth = {user: [0, 0] for user in users}
        # What was counted when the gateway asked last, whether it got the answer or not.
        self.seen = {}
        # What no reading can have seen: moved between the last reading and an end or a clear.
        self.unseen = 0
        # How many times somebody emptied the counters.
        self.clears = 0
        self.connections = set()
        self.server = None
        self.port = 0

    def start(self):
        hysteria = self

        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"
            # One write an answer, as a server that is in a hurry has it.
            wbufsize = -1

            def setup(self):
                super().setup()
                hysteria.connections.add(self.connection)

            def finish(self):
                hysteria.connections.discard(self.connection)
                try:
                    super().finish()
                except OSError:
                    pass

            def do_GET(self):
                if self.headers.get("Authorization") != hysteria.secret:
                    return self.answer(401, b"unauthorized\n")
                url = urllib.parse.urlsplit(self.path)
                if url.path == "/traffic":
                    return self.answer(200, hysteria.traffic("clear=1" in url.query))
                if url.path == "/online":
                    return self.answer(200, b"{}")
                return self.answer(404, b"")

            def answer(self, status, body):
                self.send_response(status)
                self.send_header("Content-Type", "application/json")
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_):
                pass

        class Server(http.server.ThreadingHTTPServer):
            daemon_threads = True
            allow_reuse_address = True

            def handle_error(self, request, client_address):
                # The gateway was killed while it asked.
                pass

        self.server = Server(("127.0.0.1", self.port), Handler)
        self.port = self.server.server_address[1]
        threading.Thread(target=self.server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()

    def stop(self):
        """Ends it as a crash does: its counters are gone."""
        self.server.shutdown()
        self.server.server_close()
        # A process that ends takes its connections with it.
        for connection in list(self.connections):
            try:
                connection.shutdown(socket.SHUT_RDWR)
            except OSError:
                pass
        with self.lock:
            self.forget()

    def forget(self):
        self.unseen += sum(map(sum, self.counters.values())) - sum(map(sum, self.seen.values()))
        self.counters, self.seen = {}, {}

    def traffic(self, clear):
        with self.lock:
            body = {user: {"tx": up, "rx": down} for user, (up, down) in sorted(self.counters.items())}
            if clear:
                self.clears += 1
                self.forget()
            else:
                self.seen = {user: list(counter) for user, counter in self.counters.items()}
            return json.dumps(body, separators=(",", ":")).encode()

    def move(self, user=None, up=None, down=None):
        with self.lock:
            user = user or self.random.choice(list(self.truth))
            up = self.random.randrange(1, 100_000) if up is None else up
            down = self.random.randrange(1, 1_000_000) if down is None else down
            for table in (self.counters, self.truth):
                counter = table.setdefault(user, [0, 0])
                counter[0] += up
                counter[1] += down

    def total(self):
        with self.lock:
            return {user: tuple(counter) for user, counter in self.truth.items() if any(counter)}
