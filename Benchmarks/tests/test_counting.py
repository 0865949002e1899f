import gzip, unittest
from sidebyside import churn, counting, exchange, instruments
from sidebyside.load import Load

STRACE = """\
strace: Process 71 attached
    calls syscall
--------- ----------------
       20 recvfrom
       20 sendto
--------- ----------------
       40 total
"""


class CountingTests(unittest.TestCase):
    def test_what_happens_once_is_in_both_runs_and_drops_out(self):
        once, each = 5_000_000, 37_000
        self.assertEqual(counting.by_operation(once + 640 * each, 640, once + 3840 * each, 3840), each)

    def test_each_work_has_a_long_run_and_a_short_one(self):
        for _, few, many in counting.WORKS.values():
            self.assertLess(few, many)

    def test_perf_is_read(self):
        self.assertEqual(instruments.read_perf("29,,raw_syscalls:sys_enter,594355,100.00,,\n"), 29)
        self.assertIsNone(instruments.read_perf("<not supported>,,instructions:u,0,100.00,,\n"))
        self.assertIsNone(instruments.read_perf("<not counted>,,instructions:u,0,100.00,,\n"))

    def test_strace_is_read(self):
        self.assertEqual(instruments.read_strace(STRACE), 40)
        self.assertIsNone(instruments.read_strace("strace: attach: ptrace(PTRACE_SEIZE, 1): Operation not permitted\n"))

    def test_callgrind_is_read(self):
        self.assertEqual(instruments.read_callgrind("pid: 7\nevents: Ir\nsummary: 127755\n\nfn=(1) main\n2 7\n"), 127_755)
        self.assertIsNone(instruments.read_callgrind("pid: 7\nevents: Ir\n"))


class ChurnTests(unittest.TestCase):
    def ended(self, kept=0, unanswered=0):
        return churn.ended(Load(1_000, 0, 0), Load(50, 1, unanswered, longest=12.5), 0.25, 0.06, kept)

    def test_cpu_time_is_shared_out_among_the_connections(self):
        self.assertEqual([(one.part, one.figure) for one in self.ended()], [("cpu", 60), ("time", 250), ("latency", 12.5)])
        self.assertEqual([one.load.failed for one in self.ended()], [0, 0, 0])

    def test_connections_that_are_kept_and_answers_that_are_missing_are_failures(self):
        self.assertEqual(self.ended(kept=7, unanswered=2)[0].load.failed, 9)


class ContentTests(unittest.TestCase):
    def test_chunks_and_gzip_are_undone(self):
        packed = gzip.compress(b'{"wang":{}}')
        chunks = b"%x;a=b\r\n%s\r\n%x\r\n%s\r\n0\r\n\r\n" % (5, packed[:5], len(packed) - 5, packed[5:])
        head = b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nTransfer-Encoding: chunked"
        self.assertEqual(exchange.content(head, chunks), b'{"wang":{}}')
        self.assertTrue(exchange.is_compressed(head))

    def test_what_is_neither_is_left_as_it_is(self):
        head = b"HTTP/1.1 200 OK\r\nContent-Length: 3"
        self.assertEqual(exchange.content(head, b"abc"), b"abc")
        self.assertFalse(exchange.is_compressed(head))

    def test_chunks_without_an_end_are_an_error(self):
        with self.assertRaises(ValueError):
            exchange.content(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked", b"3\r\nabc\r\n")


if __name__ == "__main__":
    unittest.main()
