"""A simulated city lives a year: ``python -m tests.walks.year [--seed S] [--counties N] [--units M] [--rows R]``.

Counties and units enter, correct and void records, are late, get records back, lose a computer and
restore it; a unit moves to another county. They exchange real bundles. At the end of every quarter
each indicator of each node, in the store of each office that has it, is compared with a plain count
in Python over the rows that were ever confirmed and reached that office.
"""

import argparse
import os
import tempfile
import time
from calendar import monthrange
from collections import Counter
from pathlib import Path

from tests.walks.year_world import City
from union_desk import resources
from union_desk.taskpack.load import load

QUARTERS = (3, 6, 9, 12)


def live(folder, pack, *, seed, counties, units, rows, months=range(1, 13)):
    """Live the year; return the city, whose stores are closed."""
    city = City(folder, pack, seed, counties, units)
    try:
        for month in months:
            day = f"2012-{month:02}-{monthrange(2012, month)[1]:02}"
            city.live_month(day, rows)
            if month == 6:
                city.lose_and_restore(city.units[0])
            if month == 9 and counties > 1:
                city.settle()
                city.move(city.units[-1], city.counties[0])
            if month in QUARTERS:
                city.check(day)  # while some are late
                city.settle()
                city.check(day)
    finally:
        city.close()
    return city


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--counties", type=int, default=3)
    parser.add_argument("--units", type=int, default=5, help="of each county")
    parser.add_argument("--rows", type=int, default=4, help="of each office and month")
    options = parser.parse_args()
    pack = load(resources.taskpacks() / "lszgh-2012-55")
    started = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="year-") as place:
        os.environ["UNION_DESK_STATE"] = str(Path(place) / "state")
        city = live(
            place, pack, seed=options.seed, counties=options.counties, units=options.units,
            rows=options.rows,
        )  # fmt: skip
    by_form = Counter()
    for (form, what), count in city.entered.items():
        by_form[form] += count if what == "taken" else 0
    print(f"{sum(by_form.values())} rows of {len(by_form)} forms: {dict(by_form)}")
    print(
        f"{city.compared} figures equal an independent count; {city.sticks} sticks carried; "
        f"{time.monotonic() - started:.0f} s"
    )
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
