"""The table, as text and as JSON."""
import dataclasses, json


def heading(work):
    return f"\n{work.name}: {work.about}" + (f"; {work.unit}" if work.unit else "") + "\n"


def text(rows):
    """The rows of one work in columns, those only in which there is something."""
    table = [_header(rows)] + [_cells(row, rows) for row in rows]
    keep = [column for column in range(len(table[0])) if any(line[column] for line in table[1:])]
    widths = {column: max(len(line[column]) for line in table) for column in keep}
    return "\n".join("  " + "  ".join(_aligned(line[column], widths[column], table[0][column]) for column in keep).rstrip()
                     for line in table)


def _header(rows):
    first = rows[0]
    return ["setting", "figure", "server", "median", "unit", "least..most", f"x {first.server}",
            f"x itself at {first.setting}", "a second", "p99 ms", "failed", "note"]


def _cells(row, rows):
    grows = any(other.setting != row.setting for other in rows)
    units = any(other.unit != row.unit for other in rows)
    return [row.setting, row.part, row.server, _number(row.median), row.unit if units else "",
            f"{_number(row.least)}..{_number(row.most)}",
            _ratio(row.beside_first), _ratio(row.beside_itself) if grows else "",
            f"{row.per_second:,.0f}" if row.per_second else "", _number(row.p99), str(row.failed), row.note]


def _aligned(cell, width, title):
    return cell.ljust(width) if title in ("figure", "server", "unit", "note") else cell.rjust(width)


def _number(value):
    if value is None:
        return ""
    return f"{value:,.0f}" if value >= 1000 else f"{value:.1f}" if value >= 10 else f"{value:.2f}"


def _ratio(value):
    return "" if value is None else f"{value:.2f}"


def as_json(machine, versions, scale, rows):
    return json.dumps({"machine": machine, "versions": versions, "scale": dataclasses.asdict(scale),
                       "rows": [dataclasses.asdict(row) for row in rows]}, indent=2) + "\n"
