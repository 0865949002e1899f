"""One request and its answer over TLS, without a client library in the way."""
import gzip, re, socket, ssl

PATIENCE = 60


def context():
    """A caller of TLS 1.3 and HTTP/1.1 who trusts anyone."""
    result = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    result.check_hostname, result.verify_mode = False, ssl.CERT_NONE
    result.minimum_version = ssl.TLSVersion.TLSv1_3
    result.set_alpn_protocols(["http/1.1"])
    return result


def connect(port, context, session=None):
    raw = socket.create_connection(("127.0.0.1", port), PATIENCE)
    raw.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return context.wrap_socket(raw, server_hostname="localhost", session=session)


def request(path, token, *fields):
    head = [f"GET {path} HTTP/1.1", "Host: localhost", f"Authorization: Bearer {token}", *fields]
    return ("\r\n".join(head) + "\r\n\r\n").encode()


def status(answer):
    """The status of an answer, or 0 if it is none."""
    found = re.match(rb"HTTP/1\.1 (\d{3}) ", answer)
    return int(found[1]) if found else 0


def length(answer):
    """How long the answer is as a whole, or None as long as its head does not say."""
    end = answer.find(b"\r\n\r\n")
    if end < 0:
        return None
    found = re.search(rb"(?i)\r\ncontent-length: *(\d+)", answer[: end + 2])
    if not found:
        raise ValueError(f"an answer without a length: {answer[:end]!r}")
    return end + 4 + int(found[1])


def receive(connection):
    """A whole answer; less than one if the connection ends before."""
    answer = b""
    while (whole := length(answer)) is None or len(answer) < whole:
        piece = connection.recv(65536)
        if not piece:
            break
        answer += piece
    return answer


def body(port, path, token):
    """The body of the answer to a request on a connection of its own. Anything but 200 ends the program."""
    with connect(port, context()) as connection:
        connection.sendall(request(path, token))
        answer = receive(connection)
    if status(answer) != 200:
        raise SystemExit(f"port {port} answers {answer[:200]!r}")
    return answer.split(b"\r\n\r\n", 1)[1]


def last(port, path, token, *fields):
    """The answer to a request on a connection of its own, to the end of the connection: its head, and the rest as it came."""
    with connect(port, context()) as connection:
        connection.sendall(request(path, token, "Connection: close", *fields))
        answer = b"".join(iter(lambda: connection.recv(65536), b""))
    head, _, rest = answer.partition(b"\r\n\r\n")
    return head, rest


def content(head, rest):
    """What an answer carries, without chunks and without gzip."""
    if re.search(rb"(?i)\r\ntransfer-encoding: *chunked", head):
        rest = _without_chunks(rest)
    return gzip.decompress(rest) if is_compressed(head) else rest


def is_compressed(head):
    return bool(re.search(rb"(?i)\r\ncontent-encoding: *gzip", head))


def _without_chunks(rest):
    pieces = []
    while rest:
        size, _, rest = rest.partition(b"\r\n")
        count = int(size.partition(b";")[0], 16)
        if count == 0:
            return b"".join(pieces)
        pieces.append(rest[:count])
        rest = rest[count + 2:]
    raise ValueError("chunks without an end")
