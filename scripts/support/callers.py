"""Callers of every kind: those who behave, those who break off, and those who send garbage."""
import errno, random, socket, ssl, struct

REQUEST = b"GET /healthz HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"
PATIENCE = 60
# How a gateway may well end a connection with one who misbehaves; shutdown(2) says the last one of a connection that was reset.
ENDED = (errno.ECONNRESET, errno.EPIPE, errno.ENOTCONN)


def client_context(version=None):
    """A client that trusts anyone, of one TLS version or any."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    if version:
        context.minimum_version = context.maximum_version = version
    return context


def connect(port, source=None):
    return socket.create_connection(("127.0.0.1", port), PATIENCE, (source, 0) if source else None)


def reset(raw):
    """Ends a connection without close_notify or FIN."""
    raw.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    raw.close()


def client_hello(context):
    """The first bytes of a client."""
    incoming, outgoing = ssl.MemoryBIO(), ssl.MemoryBIO()
    engine = context.wrap_bio(incoming, outgoing, server_hostname="localhost")
    try:
        engine.do_handshake()
    except ssl.SSLWantReadError:
        pass
    return outgoing.read()


def request(port, context, session=None):
    """One whole connection: handshake, request, answer, close_notify. Returns the session to resume and whether it was one."""
    with context.wrap_socket(connect(port), server_hostname="localhost", session=session) as caller:
        caller.sendall(REQUEST)
        answer = b""
        while piece := caller.recv(4096):
            answer += piece
        if b" 200 " not in answer[:20]:
            raise SystemExit(f"unexpected answer: {answer[:80]!r}")
        return caller.session, caller.session_reused


class Callers:
    """Calls a gateway in every way in turn. What is sent is the same for the same seed."""

    def __init__(self, port, seed=1):
        self.port, self.random, self.resumed = port, random.Random(seed), 0
        self.contexts = [client_context(ssl.TLSVersion.TLSv1_2), client_context(ssl.TLSVersion.TLSv1_3)]
        self.kinds = [self.full, self.resume, self.break_off, self.break_off_in_order, self.cut_hello, self.garbage,
                      self.corrupt_hello, self.leave_without_close_notify]

    def call(self, number):
        """The connection of this number."""
        context = self.contexts[number // len(self.kinds) % 2]
        try:
            self.kinds[number % len(self.kinds)](context)
        except OSError as error:
            if error.errno not in ENDED:
                raise

    def full(self, context):
        request(self.port, context)

    def resume(self, context):
        session, _ = request(self.port, context)
        self.resumed += request(self.port, context, session)[1]

    def break_off(self, context):
        raw = connect(self.port)
        raw.sendall(client_hello(context))
        raw.recv(65536)
        reset(raw)

    def break_off_in_order(self, context):
        with connect(self.port) as raw:
            raw.sendall(client_hello(context))
            raw.recv(65536)

    def cut_hello(self, context):
        hello = client_hello(context)
        with connect(self.port) as raw:
            raw.sendall(hello[: self.random.randrange(len(hello))])

    def garbage(self, _):
        with connect(self.port) as raw:
            raw.sendall(self.random.randbytes(self.random.randrange(1, 2000)))
            raw.shutdown(socket.SHUT_WR)
            while raw.recv(65536):
                pass

    def corrupt_hello(self, context):
        hello = bytearray(client_hello(context))
        for _ in range(3):
            hello[self.random.randrange(5, len(hello))] = self.random.randrange(256)
        with connect(self.port) as raw:
            raw.sendall(hello)
            raw.shutdown(socket.SHUT_WR)
            while raw.recv(65536):
                pass

    def leave_without_close_notify(self, context):
        caller = context.wrap_socket(connect(self.port), server_hostname="localhost")
        caller.sendall(REQUEST)
        reset(socket.socket(fileno=caller.detach()))
