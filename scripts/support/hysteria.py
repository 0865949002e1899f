"""A simulated Hysteria whose figures never change, so that every answer of a gateway is known beforehand."""
import http.server, json, socketserver, sys, threading, time


class Hysteria:
    """Users, and what Hysteria would say of them."""

    def __init__(self, users):
        self.secret = "soak-secret-0123456789"
        self.users = [f"user-{number:05}" for number in range(users)]
        self.traffic = {user: {"tx": 1000 + 7 * index, "rx": 2**40 + 13 * index} for index, user in enumerate(self.users)}
        self.online = {user: index % 5 + 1 for index, user in enumerate(self.users)}
        self.calls, self.wrong, self.open = 0, [], 0
        # The longest that an answer took to be taken, in seconds.
        self.longest = 0
        self.lock = threading.Lock()
        self.answers = {("GET", "/traffic"): compact(self.traffic), ("GET", "/online"): compact(self.online)}

    def start(self, port=0):
        """Serves on a thread of its own, and returns the port; 0 stands for a free one."""
        outer = self

        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"
            disable_nagle_algorithm = True

            def setup(self):
                super().setup()
                outer.count(1)

            def finish(self):
                super().finish()
                outer.count(-1)

            def answer(self):
                body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
                outer.calls += 1
                answer = outer.answers.get((self.command, self.path))
                if self.headers.get("Authorization") != outer.secret or not outer.allows(self.command, self.path, body):
                    outer.wrong.append((self.command, self.path, body[:80]))
                head = f"HTTP/1.1 200 OK\r\nContent-Length: {len(answer or b'')}\r\n"
                kind = "Content-Type: application/json; charset=utf-8\r\n" if answer else ""
                began = time.monotonic()
                self.wfile.write((head + kind + "\r\n").encode() + (answer or b""))
                outer.longest = max(outer.longest, time.monotonic() - began)

            do_GET = do_POST = do_PUT = do_DELETE = do_HEAD = do_OPTIONS = answer

            def log_message(self, *_):
                pass

        class Server(socketserver.ThreadingMixIn, http.server.HTTPServer):
            daemon_threads = True
            request_queue_size = 64

            def handle_error(self, *_):
                outer.wrong.append(f"{sys.exc_info()[1]!r} on a connection")

        server = Server(("127.0.0.1", port), Handler)
        threading.Thread(target=server.serve_forever, daemon=True).start()
        return server.server_address[1]

    def count(self, more):
        """Keeps the number of open connections."""
        with self.lock:
            self.open += more

    def allows(self, method, path, body):
        """Whether the callers of the soak can have caused this call."""
        if (method, path) in self.answers:
            return not body
        try:
            return (method, path) == ("POST", "/kick") and set(json.loads(body)) <= set(self.users)
        except ValueError:
            return False


def compact(value):
    return json.dumps(value, separators=(",", ":")).encode()
