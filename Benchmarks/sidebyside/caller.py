"""A program of its own, for the load's cores: calls as no load generator does, and does what its standard input says.

usage: python3 -m sidebyside.caller PORT PATH TOKEN

Each line of input is a word with arguments, and gets one line of JSON. The end of the input is the end of it.

open N          opens N connections one after the other, each with one request, and keeps them
run SECONDS     asks on all of them, again as soon as there is an answer, and waits for the last answers
lost            how many of them the server has ended meanwhile
fresh SECONDS   a new connection for each request, with a full handshake; one after the other
resume SECONDS  likewise, with the session of the connection before
times N WORD    what fresh or resume do, so often
abort           lets the connections that it keeps end by a reset (RST) when they are closed
watch           asks on a connection of its own, 500 times a second, until the next line comes; tells the longest time
"""
import json, select, socket, ssl, struct, sys, time
from . import exchange

WATCH_EVERY = 0.002


class Caller:
    """Calls one server."""

    def __init__(self, port, path, token):
        self.port, self.request, self.context = port, exchange.request(path, token), exchange.context()
        self.kept, self.poll = {}, select.epoll()

    def open(self, count):
        failed = 0
        for _ in range(int(count)):
            connection = exchange.connect(self.port, self.context)
            connection.sendall(self.request)
            failed += exchange.status(exchange.receive(connection)) != 200
            connection.setblocking(False)
            self.kept[connection.fileno()] = connection
        return {"operations": len(self.kept), "failed": failed}

    def run(self, seconds):
        for number, connection in self.kept.items():
            self.poll.register(number, select.EPOLLIN)
            connection.send(self.request)
        waiting, received, done, failed = set(self.kept), {}, 0, 0
        begin = time.monotonic()
        end, patience = begin + float(seconds), begin + float(seconds) + exchange.PATIENCE
        while waiting and (now := time.monotonic()) < patience:
            for number, _ in self.poll.poll(1):
                answer = received.pop(number, b"") + self._receive(number)
                whole = exchange.length(answer)
                if number not in self.kept:
                    waiting.discard(number)
                    failed += 1
                elif whole is None or len(answer) < whole:
                    received[number] = answer
                else:
                    done += 1
                    failed += exchange.status(answer) != 200 or len(answer) != whole
                    if now < end:
                        self.kept[number].send(self.request)
                    else:
                        waiting.discard(number)
        for number in self.kept:
            self.poll.unregister(number)
        return {"operations": done, "seconds": time.monotonic() - begin, "failed": failed + len(waiting)}

    def _receive(self, number):
        """What has come on a kept connection; one that has ended is kept no more."""
        try:
            if piece := self.kept[number].recv(65536):
                return piece
        except ssl.SSLWantReadError:
            return b""  # A ticket.
        except OSError:
            pass
        self.poll.unregister(number)
        self.kept.pop(number).close()
        return b""

    def lost(self):
        poll = select.poll()
        for number in self.kept:
            poll.register(number, select.POLLIN)
        return {"operations": len(self.kept), "failed": len(poll.poll(0))}

    def abort(self):
        for connection in self.kept.values():
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        return {"operations": len(self.kept), "failed": 0}

    def watch(self):
        done, failed, longest = 0, 0, 0
        begin = due = time.monotonic()
        with exchange.connect(self.port, self.context) as connection:
            while not select.select([sys.stdin], [], [], max(0, due - time.monotonic()))[0]:
                connection.sendall(self.request)
                failed += exchange.status(exchange.receive(connection)) != 200
                done += 1
                # Since it was due, so that a request that had to wait for the one before counts with that.
                longest, due = max(longest, time.monotonic() - due), due + WATCH_EVERY
        return {"operations": done, "seconds": time.monotonic() - begin, "failed": failed, "longest": longest * 1000}

    def times(self, count, word):
        return self._connections(lambda done, _: done < int(count), word == "resume")

    def fresh(self, seconds, resume=False):
        return self._connections(lambda _, elapsed: elapsed < float(seconds), resume)

    def _connections(self, go_on, resume):
        session, done, failed, resumed = None, 0, 0, 0
        begin = time.monotonic()
        while go_on(done, time.monotonic() - begin):
            with exchange.connect(self.port, self.context, session) as connection:
                connection.sendall(self.request)
                failed += exchange.status(exchange.receive(connection)) != 200
                resumed += connection.session_reused
                session = connection.session if resume else None
            done += 1
        # Without resumption it is another work than the one that was asked for; the first has nothing to resume.
        wrong = max(0, done - 1 - resumed) if resume else resumed
        return {"operations": done, "seconds": time.monotonic() - begin, "failed": failed + wrong}

    def resume(self, seconds):
        return self.fresh(seconds, True)


def main():
    caller = Caller(int(sys.argv[1]), *sys.argv[2:])
    for line in sys.stdin:
        word, *arguments = line.split()
        print(json.dumps(getattr(caller, word)(*arguments)), flush=True)


if __name__ == "__main__":
    main()
