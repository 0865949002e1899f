"""Whether what was measured is good enough."""


def problems(rows, expectations, works):
    """A line for all that failed in a row, and for each bound that does not hold. An expectation is (work, setting,
    part, bound); without a setting the last one counts."""
    found = [f"{_name(row.work, row.setting, row.part)} of {row.server}: {row.failed} failed" for row in rows if row.failed]
    for name, setting, part, bound in expectations:
        own = [row for row in rows if (row.work, row.part, row.server) == (name, part, "gateway")]
        if setting:
            chosen = [row for row in own if row.setting.replace(",", "") == setting]
        else:
            chosen = own[-1:]
        if not chosen:
            found.append(f"{_name(name, setting, part)}: was not measured")
        for row in chosen:
            ratio = row.beside_itself if works[name].beside_itself else row.beside_first
            if ratio is None:
                found.append(f"{_name(name, row.setting, part)}: there is nothing to compare the gateway with")
            elif ratio > bound:
                found.append(f"{_name(name, row.setting, part)}: {ratio:.3f}, where at most {bound:g} is expected")
    return found


def _name(work, setting, part):
    return work + (f"/{setting}" if setting else "") + (f".{part}" if part else "")
