import contextlib, io, unittest
from sidebyside import answers, figures, options, peers, table, verdict
from sidebyside.figures import Sample
from sidebyside.load import Load


def rows(work, *figures_by_key):
    samples = {key: [Sample(figure, Load(10, 1, failed))] for key, figure, failed in figures_by_key}
    return figures.rows(work, "us", samples)


class VerdictTests(unittest.TestCase):
    relay = rows("relay", (("nginx", "", ""), 20, 0), (("gateway", "", ""), 12, 0))
    threads = rows("threads", (("nginx", "1", ""), 20, 0), (("gateway", "1", ""), 10, 0), (("nginx", "2", ""), 20, 0),
                   (("gateway", "2", ""), 12, 0))

    def problems(self, measured, *expectations):
        return verdict.problems(measured, [options._bound(text) for text in expectations], options.WORKS)

    def test_a_ratio_above_its_bound_is_a_problem(self):
        self.assertEqual(self.problems(self.relay, "relay=0.6"), [])
        self.assertEqual(self.problems(self.relay, "relay=0.58"), ["relay: 0.600, where at most 0.58 is expected"])

    def test_threads_are_held_against_one_thread(self):
        self.assertEqual(self.problems(self.threads, "threads=1.1"),
                         ["threads/2: 1.200, where at most 1.1 is expected"])

    def test_a_setting_can_be_named(self):
        self.assertEqual(self.problems(self.threads, "threads/1=1"), [])
        self.assertEqual(self.problems(self.threads, "threads/4=1"), ["threads/4: was not measured"])

    steady = rows("steady", (("nginx", "20,000", "p50"), 2, 0), (("nginx", "20,000", "p99"), 10, 0),
                  (("gateway", "20,000", "p50"), 1, 0), (("gateway", "20,000", "p99"), 12, 0))

    def test_a_figure_of_several_can_be_named(self):
        self.assertEqual(self.problems(self.steady, "steady.p50=1", "steady/20,000.p99=1.2"), [])
        self.assertEqual(self.problems(self.steady, "steady.p99=1"), ["steady/20,000.p99: 1.200, where at most 1 is expected"])
        self.assertEqual(self.problems(self.steady, "steady.p99.9=1"), ["steady.p99.9: was not measured"])

    def test_a_failed_request_is_a_problem(self):
        failed = rows("relay", (("nginx", "", ""), 20, 2), (("gateway", "", ""), 12, 0))
        self.assertEqual(self.problems(failed), ["relay of nginx: 2 failed"])


class OptionsTests(unittest.TestCase):
    def test_quick_is_smaller_and_numbers_that_are_given_hold(self):
        scale = options.parse(["--quick", "--seconds", "2"]).scale
        self.assertEqual((scale.rounds, scale.seconds), (options.QUICK.rounds, 2))
        self.assertLess(max(scale.connections), max(options.Scale.connections))

    def test_mistakes_are_refused(self):
        for arguments in (["--work", "relais"], ["--peers", "gateway"], ["--rounds", "0"], ["--expect", "relay"],
                          ["--work", "h2", "--expect", "relay=1"], ["--expect", "steady=1"], ["--expect", "steady.p98=1"],
                          ["--expect", "relay.instructions=1"], ["--expect", "idle.calls=1"]):
            with self.assertRaises(SystemExit), contextlib.redirect_stderr(io.StringIO()):
                options.parse(arguments)

    def test_counts_can_be_expected_where_they_are_asked_for(self):
        chosen = options.parse(["--instructions", "--expect", "relay.instructions=1", "--expect", "large/gzip.bytes=1.1"])
        self.assertEqual(chosen.expect, [("relay", "", "instructions", 1), ("large", "gzip", "bytes", 1.1)])


class ConfigurationTests(unittest.TestCase):
    def test_every_template_can_be_filled(self):
        names = ("FOLDER", "IDENTITY", "TOKEN", "SECRET", "CONNECTIONS", "PORT", "THREADS", "UPSTREAM")
        for template in (*(peer.template for peer in peers.ALL.values()), "upstream.conf"):
            text = peers.configuration(template, dict.fromkeys(names, 7))
            self.assertNotRegex(text, "@[A-Z]+@")

    def test_answers_have_as_many_users_as_asked_for(self):
        self.assertEqual(answers.traffic(answers.SMALL_USERS).count(b'"tx"'), 2)
        self.assertEqual(answers.traffic(1_000).count(b'"tx"'), 1_000)
        self.assertEqual(answers.traffic(10), answers.traffic(10))


class TableTests(unittest.TestCase):
    def test_settings_have_columns_only_where_there_are_some(self):
        self.assertIn("x itself at 1", table.text(VerdictTests.threads))
        self.assertNotIn("itself", table.text(VerdictTests.relay))
        self.assertNotIn("unit", table.text(VerdictTests.steady))
        self.assertEqual(table.text(VerdictTests.steady).splitlines()[3].split()[:4], ["20,000", "p99", "nginx", "10.0"])
        gateway = table.text(VerdictTests.relay).splitlines()[2]
        self.assertEqual(gateway.split(), ["gateway", "12.0", "12.0..12.0", "0.60", "10", "0"])


if __name__ == "__main__":
    unittest.main()
