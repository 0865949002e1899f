"""The crowd of a soak: callers who behave, whose every answer is known, and callers who do not.

A caller is a class with a method `call`, which does one thing and returns; a thread of its own calls it again and again.
"""
import random, socket, ssl, sys, time
from callers import client_context, client_hello, connect, reset
from hysteria import compact

# How long a caller who takes nothing waits at most to be let go: the idle timeout of the gateway in the soak, and several times that
# for the kernel to fill up, while each answer waits for Hysteria on a busy machine.
STALL = 100
# The number that the kernel has for it.
ESTABLISHED = "01"
GONE = (ConnectionError, ssl.SSLError, TimeoutError)


class Wrong(Exception):
    """An answer that should have been another, or none where one was due."""


class Token:
    """A token of one user, or one that sees all."""

    def __init__(self, text, hysteria, user=None):
        self.text, self.user = text, user
        users = [user] if user else hysteria.users
        self.bodies = {"/traffic": compact({name: hysteria.traffic[name] for name in users}),
                       "/online": compact({name: hysteria.online[name] for name in users})}


def request(line, token=None, fields="", body=b""):
    authorization = f"Authorization: Bearer {token.text}\r\n" if token else ""
    length = f"Content-Length: {len(body)}\r\n" if body else ""
    return f"{line} HTTP/1.1\r\nHost: localhost\r\n{authorization}{fields}{length}\r\n".encode() + body


class Answers:
    """The answers of one connection, one after the other."""

    def __init__(self, stream):
        self.stream, self.rest = stream, b""

    def next(self):
        """The status and the content of the next one."""
        while b"\r\n\r\n" not in self.rest:
            self._more()
        head, self.rest = self.rest.split(b"\r\n\r\n", 1)
        lines = head.split(b"\r\n")
        length = next((int(line[16:]) for line in lines if line.lower().startswith(b"content-length: ")), 0)
        while len(self.rest) < length:
            self._more()
        body, self.rest = self.rest[:length], self.rest[length:]
        return int(lines[0][9:12]), body

    def expect(self, status, body=None):
        got = self.next()
        if got[0] != status or (body is not None and got[1] != body):
            raise Wrong(f"{got[0]} {got[1][:200]!r} instead of {status} {(body or b'')[:200]!r}")

    def _more(self):
        piece = self.stream.recv(65536)
        if not piece:
            raise ConnectionResetError("the connection ended within an answer")
        self.rest += piece


class Caller:
    """One of the crowd. Each kind comes from a net of its own, so that limits by address tell them apart."""
    net = 1
    # Whether every failure of this kind is the gateway's.
    must_succeed = True
    may_be_cut_off = False

    def __init__(self, port, tokens, seed):
        self.port, self.tokens, self.random = port, tokens, random.Random(seed)
        self.context = client_context(self.random.choice([ssl.TLSVersion.TLSv1_2, ssl.TLSVersion.TLSv1_3]))
        self.source = f"127.{self.net}.{seed % 250 + 1}.{self.random.randrange(1, 251)}"

    def open(self, session=None):
        return self.context.wrap_socket(connect(self.port, self.source), server_hostname="localhost", session=session)

    def token(self):
        return self.random.choice(self.tokens)

    def choose(self):
        """A request, and the status and the content that it has to be answered with."""
        token, kind = self.token(), self.random.randrange(6)
        path = self.random.choice(["/traffic", "/online"])
        if kind == 0:
            return ("POST", "/kick", token, compact([token.user or "user-00000"])), 200, b""
        if kind == 1 and token.user:
            return ("POST", "/kick", token, compact(["user-00000"])), 403, None
        if kind == 2:
            return ("GET", "/nowhere", token, b""), 404, None
        return ("GET", path, token, b""), 200, token.bodies[path]

    def one(self):
        """The same, with the request as HTTP/1.1 has it."""
        (method, path, token, body), status, answer = self.choose()
        return request(f"{method} {path}", token, "", body), status, answer

    def close(self):
        pass


class Kept(Caller):
    """Keeps its connection; asks with another token each time."""

    def __init__(self, *arguments):
        super().__init__(*arguments)
        self.stream = self.answers = None

    def call(self):
        if not self.stream:
            self.stream = self.open()
            self.answers = Answers(self.stream)
        # Some requests at once, in one record or in pieces.
        batch = [self.one() for _ in range(self.random.choice([1, 1, 1, 2, 5]))]
        sent = b"".join(one[0] for one in batch)
        if self.random.randrange(8) == 0:
            cut = self.random.randrange(len(sent))
            self.stream.sendall(sent[:cut])
            sent = sent[cut:]
        self.stream.sendall(sent)
        for _, status, body in batch:
            self.answers.expect(status, body)

    def close(self):
        if self.stream:
            self.stream.close()


class New(Caller):
    """A connection for each request."""
    net = 2

    def call(self):
        with self.open() as stream:
            ask, status, body = self.one()
            stream.sendall(ask)
            Answers(stream).expect(status, body)


class Resumed(Caller):
    """A connection for each request, resumed from the one before."""
    net = 3
    session = None

    def call(self):
        with self.open(self.session) as stream:
            ask, status, body = self.one()
            stream.sendall(ask)
            Answers(stream).expect(status, body)
            self.session = stream.session


class HTTP10(Caller):
    """Speaks HTTP/1.0, and reads to the end of the connection."""
    net = 4

    def call(self):
        token = self.token()
        with self.open() as stream:
            stream.sendall(f"GET /traffic HTTP/1.0\r\nAuthorization: Bearer {token.text}\r\n\r\n".encode())
            answer = b""
            while piece := stream.recv(65536):
                answer += piece
        head, _, body = answer.partition(b"\r\n\r\n")
        if not head.startswith(b"HTTP/1.1 200 ") or body != token.bodies["/traffic"]:
            raise Wrong(f"to HTTP/1.0: {answer[:300]!r}")


class LargeKick(Caller):
    """Sends bodies near the limit, by length or in chunks, and some beyond it."""
    net = 5

    def call(self):
        token = self.token()
        name = token.user or "user-00000"
        body = compact([name] * self.random.randrange(4000, 4600))
        with self.open() as stream:
            answers = Answers(stream)
            if self.random.randrange(4) == 0:
                stream.sendall(request("POST /kick", token, "Content-Length: 65537\r\n"))
                return answers.expect(413)
            if self.random.randrange(2):
                stream.sendall(request("POST /kick", token, "", body))
            else:
                pieces = [body[index:index + 9000] for index in range(0, len(body), 9000)]
                chunks = b"".join(b"%x;a=b\r\n%s\r\n" % (len(piece), piece) for piece in pieces)
                stream.sendall(request("POST /kick", token, "Transfer-Encoding: chunked\r\n") + chunks + b"0\r\n\r\n")
            answers.expect(200, b"")


class WrongToken(Caller):
    """Guesses. Sooner or later it may be told to wait, or not be let in."""
    net = 6

    def call(self):
        try:
            with self.open() as stream:
                answers = Answers(stream)
                for _ in range(5):
                    guess = f"Authorization: Bearer hg_{self.random.randbytes(20).hex()}\r\n"
                    stream.sendall(request("GET /traffic", fields=guess))
                    status, _ = answers.next()
                    if status not in (401, 429):
                        raise Wrong(f"{status} to a wrong token")
        except GONE:
            pass


class Misbehaving(Caller):
    """One of those who need not be answered."""
    net = 7
    must_succeed = False
    # Whether an end without a word is all that this kind has to get.
    may_be_cut_off = True


def wait_until_let_go(stream):
    """Waits, without reading, until the gateway has closed the connection. Its end stands behind all that is not read yet, so the
    kernel is asked what the gateway's socket is at."""
    def hexadecimal(address):
        return f"{int.from_bytes(socket.inet_aton(address[0]), sys.byteorder):08X}:{address[1]:04X}"
    ends = [hexadecimal(stream.getpeername()), hexadecimal(stream.getsockname())]
    patience = time.monotonic() + STALL
    while True:
        time.sleep(1)
        with open("/proc/net/tcp") as table:
            if [*ends, ESTABLISHED] not in (row.split()[1:4] for row in table):
                return
        if time.monotonic() > patience:
            raise Wrong("who takes nothing is not let go")


class SlowReader(Misbehaving):
    """Asks for much and takes little."""
    net = 8

    def call(self):
        raw = connect(self.port, self.source)
        raw.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        with self.context.wrap_socket(raw, server_hostname="localhost") as stream:
            stream.sendall(request("GET /traffic", self.tokens[0]) * 3)
            for _ in range(self.random.randrange(40)):
                stream.recv(64)
                time.sleep(0.05)


class StalledReader(Misbehaving):
    """Asks for more than the kernel holds, and takes nothing: it is let go before it has all of it."""
    net = 14
    COUNT = 200

    def call(self):
        with self.open() as stream:
            stream.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 65536)
            stream.sendall(request("GET /traffic", self.tokens[0]) * self.COUNT)
            wait_until_let_go(stream)
            whole, received = len(self.tokens[0].bodies["/traffic"]) * self.COUNT, 0
            try:
                while piece := stream.recv(65536):
                    received += len(piece)
            except GONE:
                pass
            if received >= whole:
                raise Wrong("who takes nothing got everything")


class SlowLoris(Misbehaving):
    """Sends a head, or a body, a byte at a time, until it is thrown out or tires of it."""
    net = 9

    def call(self):
        with self.open() as stream:
            for byte in request("POST /kick", self.tokens[0], f"X: {'x' * 200}\r\n", b'["user-00000",'):
                stream.sendall(bytes([byte]))
                time.sleep(0.05)


class Garbage(Misbehaving):
    """Sends what is neither TLS nor HTTP."""
    net = 10

    def call(self):
        rubbish = self.random.randbytes(self.random.randrange(1, 3000))
        if self.random.randrange(2):
            with connect(self.port, self.source) as raw:
                raw.sendall(rubbish)
                raw.recv(4096)
        else:
            with self.open() as stream:
                start = self.random.choice([b"", b"GET / HTTP/1.1\r\n", b"POST / HTTP/1.1\r\nHost: a\r\n"])
                stream.sendall(start + rubbish + b"\r\n\r\n")
                if (status := Answers(stream).next()[0]) < 400:
                    raise Wrong(f"{status} to garbage")


class Smuggler(Misbehaving):
    """Hides a clear behind what another server might read as a body."""
    net = 11
    SHAPES = [b"Content-Length: 0\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
              b"Transfer-Encoding: chunked\r\nTransfer-Encoding: identity\r\n\r\n0\r\n\r\n",
              b"Transfer-Encoding : chunked\r\n\r\n0\r\n\r\n", b"Content-Length: +0\r\n\r\n",
              b"X: y\r\n folded\r\n\r\n", b"X: y\n\r\n"]

    def call(self):
        hidden = request("GET /traffic?clear=1", self.tokens[0])
        with self.open() as stream:
            stream.sendall(b"POST /kick HTTP/1.1\r\nHost: a\r\n" + self.random.choice(self.SHAPES) + hidden)
            answers = Answers(stream)
            if (status := answers.next()[0]) != 400:
                raise Wrong(f"{status} to a request that can be read in two ways")
            try:
                answers.next()
            except GONE:
                return
            raise Wrong("an answer to a smuggled request")


class Handshaker(Misbehaving):
    """Leaves in the middle of the handshake, in order, without a word, or with a lie."""
    net = 12

    def call(self):
        raw, hello = connect(self.port, self.source), bytearray(client_hello(self.context))
        kind = self.random.randrange(4)
        if kind == 0:
            hello = hello[:self.random.randrange(len(hello))]
        elif kind == 1:
            hello[self.random.randrange(5, len(hello))] ^= 1 << self.random.randrange(8)
        raw.sendall(hello)
        if kind > 1:
            raw.recv(65536)
        raw.close() if kind == 3 else reset(raw)


class Quitter(Misbehaving):
    """Asks, and is gone before the answer."""
    net = 13

    def call(self):
        stream = self.open()
        stream.sendall(b"".join(self.one()[0] for _ in range(self.random.randrange(1, 20))))
        if self.random.randrange(2):
            stream.recv(self.random.randrange(1, 5000))
        reset(socket.socket(fileno=stream.detach()))


PASSING = [New, Resumed, HTTP10, LargeKick, WrongToken, SlowReader, StalledReader, SlowLoris, Garbage, Smuggler, Handshaker, Quitter]
