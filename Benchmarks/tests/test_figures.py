import unittest
from sidebyside import figures
from sidebyside.figures import Sample
from sidebyside.load import Load
from sidebyside.rounds import Contestant, samples


def sample(figure, failed=0, p99=None):
    return Sample(figure, Load(operations=100, seconds=2, failed=failed, p99=p99))


class FiguresTests(unittest.TestCase):
    def test_a_ratio_is_the_median_of_those_within_a_round(self):
        # The second round is disturbed for both alike.
        own, other = [sample(10), sample(50), sample(12)], [sample(20), sample(100), sample(20)]
        self.assertEqual(figures.ratio(own, other), 0.5)

    def test_without_another_there_is_no_ratio(self):
        self.assertIsNone(figures.ratio([sample(10)], None))
        self.assertIsNone(figures.ratio([sample(10)], [sample(0)]))

    def test_cpu_time_is_shared_out_among_the_operations(self):
        self.assertEqual(figures.cpu_per_operation(0.5, Load(10_000, 1, 0)), 50)
        self.assertEqual(figures.cpu_per_operation(0.5, Load(0, 1, 7)), 500_000)

    def test_each_is_compared_with_the_first_server_and_with_itself_at_the_first_setting(self):
        rows = figures.rows("threads", "us", {
            ("nginx", "1", ""): [sample(20)], ("gateway", "1", ""): [sample(10)],
            ("nginx", "2", ""): [sample(22)], ("gateway", "2", ""): [sample(11, failed=3)]})
        self.assertEqual([row.beside_first for row in rows], [1, 0.5, 1, 0.5])
        self.assertEqual([round(row.beside_itself, 3) for row in rows], [1, 1, 1.1, 1.1])
        self.assertEqual([row.failed for row in rows], [0, 0, 0, 3])
        self.assertEqual(rows[0].per_second, 50)

    def test_a_percentile_is_one_of_the_values(self):
        values = list(range(1000, 0, -1))
        self.assertEqual([figures.percentile(values, share) for share in (0.5, 0.99, 0.999, 1)], [500, 990, 999, 1000])
        self.assertEqual([figures.percentile([7], share) for share in (0, 0.5, 0.999)], [7, 7, 7])

    def test_figures_of_one_work_are_compared_each_with_its_own_kind(self):
        load = Load(operations=100, seconds=2, failed=3)
        taken = {}
        for server, p50, p99 in (("nginx", 2, 20), ("gateway", 1, 40)):
            for one in figures.parts(load, ("p50", "ms", p50), ("p99", "ms", p99)):
                taken[(server, "", one.part)] = [one]
        rows = figures.rows("steady", "us", taken)
        self.assertEqual([(row.part, row.server, row.beside_first) for row in rows],
                         [("p50", "nginx", 1), ("p50", "gateway", 0.5), ("p99", "nginx", 1), ("p99", "gateway", 2)])
        self.assertEqual([row.unit for row in rows], ["ms"] * 4)
        # What failed is said once.
        self.assertEqual([row.failed for row in rows], [3, 3, 0, 0])

    def test_spread_and_p99_are_of_all_rounds(self):
        row, = figures.rows("relay", "us", {("nginx", "", ""): [sample(3, p99=1), sample(1, p99=5), sample(2, p99=2)]})
        self.assertEqual((row.least, row.median, row.most, row.p99), (1, 2, 3, 2))


class RoundsTests(unittest.TestCase):
    def test_each_round_begins_with_another_and_the_first_one_only_warms_up(self):
        turns = []

        def contestant(name):
            return Contestant(name, "", lambda: turns.append(name) or sample(len(turns), failed=1))
        taken, failed = samples([contestant("a"), contestant("b")], rounds=2)
        self.assertEqual(turns, ["a", "b", "b", "a", "a", "b"])
        self.assertEqual([name for name, _, _ in taken], ["a", "b"])
        self.assertEqual([one.figure for one in taken[("a", "", "")]], [4, 5])
        self.assertEqual(failed, 2)

    def test_a_contestant_may_have_several_figures(self):
        load = Load(operations=1, seconds=1, failed=2)
        several = figures.parts(load, ("cpu", "ms", 1), ("bytes", "KiB", 2))
        taken, failed = samples([Contestant("a", "gzip", lambda: several)], rounds=3)
        self.assertEqual({key: [one.figure for one in own] for key, own in taken.items()},
                         {("a", "gzip", "cpu"): [1, 1, 1], ("a", "gzip", "bytes"): [2, 2, 2]})
        self.assertEqual(failed, 2)


if __name__ == "__main__":
    unittest.main()
