"""As much of HTTP/2 as a caller needs who knows what it should be answered: frames, fields that are not compressed, a status."""
import select, struct

PREFACE = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"
DATA, HEADERS, PRIORITY, RST_STREAM, SETTINGS, PING, GOAWAY, WINDOW_UPDATE, CONTINUATION = 0, 1, 2, 3, 4, 6, 7, 8, 9
END_STREAM, ACK, END_HEADERS = 1, 1, 4
HEADER_TABLE_SIZE, INITIAL_WINDOW = 1, 4
NO_ERROR, CANCEL, ENHANCE_YOUR_CALM = 0, 8, 11

# The statuses that have a place of their own in HPACK's table; and its codes of digits, RFC 7541, appendices A and B.
STATUSES = {8: 200, 9: 204, 10: 206, 11: 304, 12: 400, 13: 404, 14: 500}
DIGITS = {"00000": "0", "00001": "1", "00010": "2", "011001": "3", "011010": "4", "011011": "5", "011100": "6",
          "011101": "7", "011110": "8", "011111": "9"}


def frame(kind, flags=0, stream=0, payload=b""):
    return struct.pack(">I", len(payload))[1:] + struct.pack(">BBI", kind, flags, stream) + payload


def settings(*pairs):
    return frame(SETTINGS, payload=b"".join(struct.pack(">HI", *pair) for pair in pairs))


def window_update(stream, increment):
    return frame(WINDOW_UPDATE, stream=stream, payload=struct.pack(">I", increment))


def reset(stream):
    return frame(RST_STREAM, stream=stream, payload=struct.pack(">I", CANCEL))


def text(value):
    """A string, as it is. A length of 127 and more continues after its first byte, seven bits a byte."""
    count, length = len(value), b""
    if count >= 127:
        count, length = count - 127, b"\x7f"
        while count > 127:
            count, length = count >> 7, length + bytes([count & 127 | 128])
    return length + bytes([count]) + value.encode()


def field(name, value):
    """A field that is put into no table."""
    return b"\x00" + text(name) + text(value)


def request(stream, method, path, token=None, body=b""):
    """The frames of a request."""
    fields = field(":method", method) + field(":scheme", "https") + field(":authority", "localhost") + field(":path", path)
    if token:
        fields += field("authorization", f"Bearer {token.text}")
    head = frame(HEADERS, END_HEADERS | (0 if body else END_STREAM), stream, fields)
    pieces = [body[index:index + 16384] for index in range(0, len(body), 16384)]
    return head + b"".join(frame(DATA, END_STREAM if index == len(pieces) - 1 else 0, stream, piece)
                           for index, piece in enumerate(pieces))


def status(block):
    """The status that a block of fields begins with, where no table but HPACK's own is in use."""
    while block[0] & 0xE0 == 0x20:
        block = block[1:]
    if block[0] & 0x80:
        return STATUSES[block[0] & 0x7F]
    length, digits = block[1] & 0x7F, block[2:]
    if not block[1] & 0x80:
        return int(digits[:length])
    bits, value, code = "".join(f"{byte:08b}" for byte in digits[:length]), "", ""
    for bit in bits:
        code += bit
        if code in DIGITS:
            value, code = value + DIGITS[code], ""
    return int(value)


class Answer:
    """What has come of an answer."""

    def __init__(self):
        self.status, self.body, self.is_complete, self.reset, self.taken = None, b"", False, None, 0


class Connection:
    """A connection: sends what it is told to, and takes in what comes."""

    def __init__(self, stream, *pairs, window=2**30):
        """Greets the other side with these settings. `window` is that of the connection, and of each stream unless they say so."""
        self.stream, self.rest, self.answers, self.goaway, self.next = stream, b"", {}, None, 1
        self.window, self.taken = window, 0
        pairs = pairs or ((INITIAL_WINDOW, window),)
        stream.sendall(PREFACE + settings((HEADER_TABLE_SIZE, 0), *pairs)
                       + (window_update(0, window - 65535) if window > 65535 else b""))

    def ask(self, method, path, token=None, body=b""):
        """Returns the bytes of a request, and the number of its stream."""
        number, self.next = self.next, self.next + 2
        self.answers[number] = Answer()
        return request(number, method, path, token, body), number

    def take(self):
        """Takes in a piece, whatever is in it."""
        piece = self.stream.recv(65536)
        if not piece:
            raise ConnectionResetError("the connection ended")
        self.rest += piece
        while len(self.rest) >= 9 and len(self.rest) >= (end := 9 + int.from_bytes(self.rest[:3], "big")):
            kind, flags, stream = struct.unpack(">BBI", self.rest[3:9])
            payload, self.rest = self.rest[9:end], self.rest[end:]
            self._take(kind, flags, stream, payload)

    def take_what_is_there(self):
        """Takes in what can be had without waiting."""
        while self.goaway is None and (self.stream.pending() or select.select([self.stream], [], [], 0)[0]):
            self.take()

    def take_what_is_left(self):
        """Takes in all that comes to the end of the connection, of whatever kind that is."""
        try:
            while True:
                self.take()
        except OSError:
            pass

    def _take(self, kind, flags, stream, payload):
        answer = self.answers.get(stream)
        if kind == SETTINGS and not flags & ACK:
            self.stream.sendall(frame(SETTINGS, ACK))
        elif kind == GOAWAY:
            self.goaway = struct.unpack(">II", payload[:8])[1]
        elif kind == RST_STREAM and answer:
            answer.reset = struct.unpack(">I", payload)[0]
        elif kind in (HEADERS, DATA) and answer:
            if kind == HEADERS and answer.status is None:
                answer.status = status(payload)
            elif kind == DATA:
                answer.body += payload
            answer.is_complete = answer.is_complete or bool(flags & END_STREAM)
            self._open(stream, answer, len(payload) if kind == DATA else 0)

    def _open(self, stream, answer, count):
        """Opens the windows again, when half of them is used up."""
        self.taken += count
        answer.taken += count
        if self.taken > self.window // 2:
            self.stream.sendall(window_update(0, self.taken))
            self.taken = 0
        if answer.taken > self.window // 2 and not answer.is_complete:
            self.stream.sendall(window_update(stream, answer.taken))
            answer.taken = 0

    def answer(self, number):
        """Waits for an answer, and forgets it."""
        answer = self.answers[number]
        while not answer.is_complete and answer.reset is None:
            self.take()
        return self.answers.pop(number)
