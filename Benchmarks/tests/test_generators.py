import unittest
from sidebyside import exchange, generators

WRK = """\
Running 1s test @ https://localhost:8443/traffic
  1 threads and 64 connections
  Thread Stats   Avg      Stdev     Max   +/- Stdev
    Latency     2.01ms    1.13ms  26.64ms   92.11%
  Latency Distribution
     50%    1.82ms
     99%  850.00us
  33012 requests in 1.01s, 11.37MB read
Requests/sec:  32685.14
"""
H2LOAD = """\
finished in 1.00s, 53241.00 req/s, 7.16MB/s
requests: 53241 total, 53497 started, 53241 done, 53241 succeeded, 0 failed, 0 errored, 0 timeout
status codes: 53241 2xx, 0 3xx, 0 4xx, 0 5xx
"""


class GeneratorTests(unittest.TestCase):
    def test_wrk_is_read(self):
        load = generators.read_wrk(WRK)
        self.assertEqual((load.operations, load.seconds, load.failed), (33012, 1.01, 0))
        self.assertAlmostEqual(load.p99, 0.85)

    def test_refusals_and_errors_of_wrk_are_failures(self):
        text = WRK + "  Socket errors: connect 1, read 2, write 3, timeout 4\n  Non-2xx or 3xx responses: 10\n"
        self.assertEqual(generators.read_wrk(text).failed, 20)

    def test_nothing_done_is_a_failure(self):
        self.assertEqual(generators.read_wrk(WRK.replace("33012 requests", "0 requests")).failed, 1)

    def test_h2load_is_read(self):
        load = generators.read_h2load(H2LOAD, 1)
        self.assertEqual((load.operations, load.failed), (53241, 0))

    def test_refusals_of_h2load_are_failures(self):
        text = H2LOAD.replace("53241 2xx, 0 3xx, 0 4xx", "53200 2xx, 0 3xx, 41 4xx").replace("0 failed", "41 failed")
        self.assertEqual(generators.read_h2load(text, 1).failed, 41)

    def test_a_generator_that_says_something_else_ends_the_program(self):
        with self.assertRaises(SystemExit):
            generators.read_wrk("unable to connect to localhost:8443 Connection refused")


class AnswerTests(unittest.TestCase):
    def test_an_answer_has_a_length_when_its_head_is_whole(self):
        self.assertIsNone(exchange.length(b"HTTP/1.1 200 OK\r\nContent-Length: 3\r\n"))
        self.assertEqual(exchange.length(b"HTTP/1.1 200 OK\r\ncontent-length: 3\r\n\r\nab"), 41)

    def test_an_answer_without_a_length_is_an_error(self):
        with self.assertRaises(ValueError):
            exchange.length(b"HTTP/1.1 200 OK\r\n\r\n")

    def test_status_is_read(self):
        self.assertEqual(exchange.status(b"HTTP/1.1 401 Unauthorized\r\n"), 401)
        self.assertEqual(exchange.status(b""), 0)


if __name__ == "__main__":
    unittest.main()
