"""The table, as text and as JSON."""
import dataclasses, json


def heading(work):
    return f"\n{work.name}: {work.about}; {work.unit}\n"


def text(rows):
    """The rows of one work in columns, the first of which only if there are settings."""
    table = [_header(rows)] + [_cells(row, rows) for row in rows]
    keep = [column for column in range(len(table[0])) if any(line[column] for line in table[1:])]
    widths = {column: max(len(line[column]) for line in table) for column in keep}
    return "\n".join("  " + "  ".join(_aligned(line[column], widths[column], column) for column in keep).rstrip()
                     for line in table)


def _header(rows):
    first = rows[0]
    return ["setting", "server", "median", "least..most", f"x {first.server}", f"x itself at {first.setting}",
            "a second", "p99 ms", "failed"]


def _cells(row, rows):
    grows = any(other.setting != row.setting for other in rows)
    return [row.setting, row.server, _number(row.median), f"{_number(row.least)}..{_number(row.most)}",
            _ratio(row.beside_first), _ratio(row.beside_itself) if grows else "",
            f"{row.per_second:,.0f}" if row.per_second else "", _number(row.p99), str(row.failed)]


def _aligned(cell, width, column):
    return cell.ljust(width) if column == 1 else cell.rjust(width)


def _number(value):
    if value is None:
        return ""
    return f"{value:,.0f}" if value >= 1000 else f"{value:.1f}" if value >= 10 else f"{value:.2f}"


def _ratio(value):
    return "" if value is None else f"{value:.2f}"


def as_json(machine, versions, scale, rows):
    return json.dumps({"machine": machine, "versions": versions, "scale": dataclasses.asdict(scale),
                       "rows": [dataclasses.asdict(row) for row in rows]}, indent=2) + "\n"
