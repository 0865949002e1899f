"""The part of a soak's crowd that speaks HTTP/2."""
import socket
import http2
from crowd import GONE, Caller, Misbehaving, Wrong, wait_until_let_go


class HTTP2Caller(Caller):
    """Opens connections that speak HTTP/2."""

    def open(self, *settings, **options):
        self.context.set_alpn_protocols(["h2"])
        stream = super().open()
        if stream.selected_alpn_protocol() != "h2":
            raise Wrong("HTTP/2 is not spoken")
        return http2.Connection(stream, *settings, **options)

    def ask(self, connection, count):
        """Asks so often at once, and looks at what comes."""
        due, sent = [], b""
        for _ in range(count):
            asked, status, body = self.choose()
            frames, number = connection.ask(*asked)
            sent += frames
            due.append((number, status, body))
        connection.stream.sendall(sent)
        for number, status, body in due:
            answer = connection.answer(number)
            if answer.reset is not None or answer.status != status or (body is not None and answer.body != body):
                raise Wrong(f"{answer.status} {answer.body[:200]!r}, reset {answer.reset}, instead of {status} "
                            f"{(body or b'')[:200]!r}")


class KeptHTTP2(HTTP2Caller):
    """Keeps its connection, and asks on some streams at once."""
    connection = None

    def call(self):
        self.connection = self.connection or self.open()
        self.ask(self.connection, self.random.choice([1, 1, 2, 10, 40]))

    def close(self):
        if self.connection:
            self.connection.stream.close()


class NewHTTP2(HTTP2Caller):
    """A connection for a few requests, with windows that are large or have to be opened again and again."""
    net = 15

    def call(self):
        connection = self.open(window=self.random.choice([65_535, 2**30]))
        with connection.stream:
            self.ask(connection, self.random.randrange(1, 10))


class Flooder(HTTP2Caller, Misbehaving):
    """Sends without an end what wants no answer, until its connection is ended and it is told why."""
    # One in a crowd at least hears why.
    may_be_cut_off = False
    # More than anybody is let do.
    MOST = 20_000

    def frames(self, connection):
        """One more of what floods."""
        raise NotImplementedError

    def call(self):
        connection = self.open()
        with connection.stream:
            try:
                for _ in range(0, self.MOST, 100):
                    connection.stream.sendall(b"".join(self.frames(connection) for _ in range(100)))
                    connection.take_what_is_there()
                    if connection.goaway is not None:
                        break
                while connection.goaway is None:
                    connection.take()
            except TimeoutError:
                raise Wrong(f"a flood of {self.MOST} is borne")
            except GONE:
                # What was said before is still there to be read.
                connection.take_what_is_left()
                if connection.goaway is None:
                    raise
            if connection.goaway != http2.ENHANCE_YOUR_CALM:
                raise Wrong(f"GOAWAY with {connection.goaway}")


class RapidReset(Flooder):
    """Asks, and gives up at once."""
    net = 16

    def frames(self, connection):
        frames, number = connection.ask("GET", "/traffic", self.tokens[0])
        # What came of it does not matter.
        del connection.answers[number]
        return frames + http2.reset(number)


class PingFlood(Flooder):
    """Sends PING."""
    net = 17

    def frames(self, connection):
        return http2.frame(http2.PING, payload=bytes(8))


class SettingsFlood(Flooder):
    """Sends SETTINGS, with or without one in it."""
    net = 18

    def frames(self, connection):
        return http2.settings(*[(http2.HEADER_TABLE_SIZE, 0)][:self.random.randrange(2)])


class ContinuationFlood(Flooder):
    """Begins a request whose fields do not come to their end."""
    net = 19

    def frames(self, connection):
        if connection.next == 1:
            connection.next = 3
            return http2.frame(http2.HEADERS, http2.END_STREAM, 1, http2.field(":method", "GET"))
        return http2.frame(http2.CONTINUATION, 0, 1, http2.field("x", "y"))


class ClosedWindow(HTTP2Caller, Misbehaving):
    """Asks for much and opens no window for it: these requests are given up in time, and others of the connection served."""
    net = 20
    may_be_cut_off = False

    def call(self):
        # The window of a stream is nothing; where it is opened, an answer comes.
        connection = self.open((http2.INITIAL_WINDOW, 0))
        with connection.stream:
            asked = [connection.ask("GET", "/traffic", self.tokens[0]) for _ in range(20)]
            connection.stream.sendall(b"".join(frames for frames, _ in asked))
            token = self.token()
            frames, number = connection.ask("GET", "/traffic", token)
            connection.stream.sendall(frames + http2.window_update(number, 2**20))
            answer = connection.answer(number)
            if (answer.status, answer.body) != (200, token.bodies["/traffic"]):
                raise Wrong(f"{answer.status} {answer.body[:200]!r} beside closed windows")
            for _, number in asked:
                answer = connection.answer(number)
                if (answer.status, answer.body, answer.reset) != (200, b"", http2.CANCEL):
                    raise Wrong(f"{answer.status}, {len(answer.body)} bytes, reset {answer.reset} with a closed window")


class StalledHTTP2(HTTP2Caller, Misbehaving):
    """Opens all windows, asks for much and takes nothing: it is let go before it has all of it."""
    net = 21
    COUNT = 100

    def call(self):
        connection = self.open(window=2**30)
        with connection.stream as stream:
            stream.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 65536)
            asked = [connection.ask("GET", "/traffic", self.tokens[0]) for _ in range(self.COUNT)]
            stream.sendall(b"".join(frames for frames, _ in asked))
            wait_until_let_go(stream)
            try:
                while not all(answer.is_complete for answer in connection.answers.values()):
                    connection.take()
            except GONE:
                return
            raise Wrong("who takes nothing got everything")


PASSING = [NewHTTP2, RapidReset, PingFlood, SettingsFlood, ContinuationFlood, ClosedWindow, StalledHTTP2]
