"""The listed questions of the Board page asked of raw rows: plain SQL, DuckDB, Polars and pandas.

Every one answers in the same form, US dollars in cents: what came in by fund and month, cumulative;
by fund what came in and what was hoped for; the ten largest donors by fund; what came in by region;
and how many Member States gave core money. Donors that were merged count as the one they became.
The rows in memory are those of the database, with donors as they are today: the rivals need not
follow merges, which is to their advantage.
"""

# ruff: noqa: S608  every statement is made of this module's own words and numbers
from collections.abc import Callable, Iterable
from typing import Any

from django.db import connection

Answer = dict[str, Any]
FUNDS = ("FNE", "FE", "TC", "EARMARKED", "OTHER")
COLUMNS = ("fund", "donor", "region", "year", "month", "cents", "kind")
RECEIVED = "e.ledger_id = %(ledger)s AND e.kind = 'receipt' AND e.mode = 'cash'"
OF_YEAR = f"{RECEIVED} AND e.value_date >= %(first)s AND e.value_date <= %(last)s"
TODAY = "COALESCE(d.merged_into_id, d.id)"
MOST = 10


def told(
    months: Iterable[tuple[str, int, int]], targets: Iterable[tuple[str, int]],
    largest: Iterable[tuple[str, int, int]], regions: Iterable[tuple[str, int]], governments: int,
) -> Answer:  # fmt: skip
    """The five answers in one form; `months` are not cumulative yet."""
    by_fund: dict[str, list[int]] = {fund: [0] * 12 for fund in FUNDS}
    for fund, month, cents in months:
        by_fund[fund][int(month) - 1] += int(cents)
    lines = {fund: [sum(cents[: n + 1]) for n in range(12)] for fund, cents in by_fund.items()}
    ranked: dict[str, list[tuple[int, int]]] = {}
    for fund, donor, cents in sorted(largest, key=lambda row: (row[0], -row[2], row[1])):
        ranked.setdefault(fund, []).append((int(donor), int(cents)))
    hoped = dict(targets)
    return {
        "cumulative": lines,
        "targets": {fund: (lines[fund][-1], hoped[fund]) for fund in FUNDS if fund in hoped},
        "largest": {fund: rows[:MOST] for fund, rows in ranked.items()},
        "regions": {str(region): int(cents) for region, cents in sorted(regions)},
        "governments": int(governments),
    }


def targets_of(target_set: str, year: int) -> list[tuple[str, int]]:
    """What was hoped for of each fund, in cents."""
    return _rows(
        "SELECT s.fund_id, t.amount_usd FROM targets_annualtarget t "
        "JOIN targets_scope c ON c.code = t.scope_id JOIN targets_scope_funds s "
        "ON s.scope_id = c.code WHERE t.target_set_id = %(set)s AND t.from_year = %(year)s "
        "AND t.to_year = %(year)s AND (SELECT COUNT(*) FROM targets_scope_funds o "
        "WHERE o.scope_id = c.code) = 1",
        {"set": target_set, "year": year},
    )


def plain_sql(ledger: int, year: int, target_set: str) -> Answer:
    """Five statements over the entries, with the indexes that the portal has."""
    asked = {"ledger": ledger, "first": f"{year}-01-01", "last": f"{year}-12-31"}
    month = (
        "EXTRACT(MONTH FROM e.value_date)"
        if connection.vendor == "postgresql"
        else "CAST(substr(e.value_date, 6, 2) AS integer)"
    )
    ranked = (
        f"SELECT fund_id, giver, cents FROM (SELECT e.fund_id, {TODAY} AS giver, "
        "SUM(e.amount_usd) AS cents, ROW_NUMBER() OVER (PARTITION BY e.fund_id "
        f"ORDER BY SUM(e.amount_usd) DESC, {TODAY}) AS place FROM income_entry e "
        f"JOIN donors_donor d ON d.id = e.donor_id WHERE {OF_YEAR} "
        f"GROUP BY e.fund_id, {TODAY} HAVING SUM(e.amount_usd) > 0) ranked WHERE place <= {MOST}"
    )
    governments = (
        f"SELECT COUNT(*) FROM (SELECT {TODAY} FROM income_entry e "
        "JOIN donors_donor d ON d.id = e.donor_id "
        f"JOIN donors_donor g ON g.id = {TODAY} AND g.is_member_state "
        f"WHERE {OF_YEAR} AND e.fund_id = 'FNE' "
        f"GROUP BY {TODAY} HAVING SUM(e.amount_usd) > 0) givers"
    )
    return told(
        _rows(f"SELECT e.fund_id, {month}, SUM(e.amount_usd) FROM income_entry e "
              f"WHERE {OF_YEAR} GROUP BY 1, 2", asked),
        targets_of(target_set, year),
        _rows(ranked, asked),
        _rows("SELECT e.region_id, SUM(e.amount_usd) FROM income_entry e "
              f"WHERE {OF_YEAR} AND e.fund_id <> 'OTHER' AND e.region_id IS NOT NULL "
              "GROUP BY e.region_id", asked),
        _rows(governments, asked)[0][0],
    )  # fmt: skip


def _rows(statement: str, asked: dict[str, Any]) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        if connection.vendor != "postgresql":  # SQLite's driver names its values otherwise
            for name in asked:
                statement = statement.replace(f"%({name})s", f":{name}")
            return list(cursor.connection.execute(statement, asked).fetchall())
        cursor.execute(statement, asked)
        return list(cursor.fetchall())


def read_rows(ledger: int) -> dict[str, Any]:
    """Converted receipts in cash of all years as columns of small integers, read in portions."""
    import numpy as np

    funds = {fund: number for number, fund in enumerate(FUNDS)}
    regions: dict[str, int] = {}
    parts: list[Any] = []
    statement = (
        f"SELECT e.fund_id, COALESCE({TODAY}, 0), COALESCE(e.region_id, ''), e.year_for, "
        "CAST(substr(CAST(e.value_date AS varchar(10)), 6, 2) AS integer), e.amount_usd "
        "FROM income_entry e LEFT JOIN donors_donor d ON d.id = e.donor_id "
        f"WHERE {RECEIVED} AND e.amount_usd IS NOT NULL AND e.id > %(after)s "
        "AND e.id <= %(until)s ORDER BY e.id"
    )
    (last,) = _rows("SELECT MAX(id) FROM income_entry WHERE ledger_id = %(ledger)s",
                    {"ledger": ledger})[0]  # fmt: skip
    for start in range(0, last, PORTION):
        asked = {"ledger": ledger, "after": start, "until": start + PORTION}
        parts.append(np.array([
            (funds[fund], donor, regions.setdefault(region, len(regions)), year, month, cents)
            for fund, donor, region, year, month, cents in _rows(statement, asked)
        ], dtype=np.int64))  # fmt: skip
    table = np.concatenate(parts)
    kinds = (np.int8, np.int32, np.int8, np.int16, np.int8, np.int64)
    return {
        "columns": {name: np.ascontiguousarray(table[:, n]).astype(kinds[n])
                    for n, name in enumerate(COLUMNS[:6])},
        "regions": {number: code for code, number in regions.items()},
        "members": {pk for (pk,) in _rows(
            "SELECT id FROM donors_donor WHERE is_member_state AND merged_into_id IS NULL", {})},
    }  # fmt: skip


PORTION = 500_000
Loaded = Callable[[dict[str, Any], int], Callable[[list[tuple[str, int]]], Answer]]


def duckdb(rows: dict[str, Any], year: int) -> Callable[[list[tuple[str, int]]], Answer]:
    """A table in DuckDB's memory; the same five statements."""
    import duckdb as engine
    import pandas as pd

    here = engine.connect()
    here.register("frame", pd.DataFrame(rows["columns"]))
    here.register("members", pd.DataFrame({"donor": sorted(rows["members"])}))
    here.execute("CREATE TABLE e AS SELECT * FROM frame; CREATE TABLE g AS SELECT * FROM members")
    here.unregister("frame")
    other = FUNDS.index("OTHER")
    statements = (
        f"SELECT fund, month, SUM(cents) FROM e WHERE year = {year} GROUP BY ALL",
        f"SELECT fund, donor, SUM(cents) AS c FROM e WHERE year = {year} AND donor > 0 "
        "GROUP BY fund, donor HAVING c > 0 "
        f"QUALIFY ROW_NUMBER() OVER (PARTITION BY fund ORDER BY c DESC, donor) <= {MOST}",
        f"SELECT region, SUM(cents) FROM e WHERE year = {year} AND fund <> {other} GROUP BY ALL",
        f"SELECT COUNT(*) FROM (SELECT donor FROM e SEMI JOIN g USING (donor) WHERE year = {year} "
        "AND fund = 0 GROUP BY donor HAVING SUM(cents) > 0)",
    )  # fmt: skip

    def ask(targets: list[tuple[str, int]]) -> Answer:
        months, largest, regions, count = (here.execute(one).fetchall() for one in statements)
        return _of_codes(rows, months, targets, largest, regions, count[0][0])

    return ask


def polars(rows: dict[str, Any], year: int) -> Callable[[list[tuple[str, int]]], Answer]:
    """A frame of Polars, lazily asked."""
    import polars as pl

    frame = pl.DataFrame(rows["columns"]).lazy()
    members = pl.Series(sorted(rows["members"]), dtype=pl.Int32).implode()
    of_year, cents = frame.filter(pl.col("year") == year), pl.col("cents").sum()
    by_donor = of_year.filter(pl.col("donor") > 0).group_by("fund", "donor").agg(cents)
    plans = (
        of_year.group_by("fund", "month").agg(cents),
        by_donor.filter(pl.col("cents") > 0).sort("cents", "donor", descending=[True, False])
        .group_by("fund", maintain_order=True).head(MOST).select("fund", "donor", "cents"),
        of_year.filter(pl.col("fund") != FUNDS.index("OTHER")).group_by("region").agg(cents),
        by_donor.filter((pl.col("fund") == 0) & (pl.col("cents") > 0)
                        & pl.col("donor").is_in(members)).select(pl.len()),
    )  # fmt: skip

    def ask(targets: list[tuple[str, int]]) -> Answer:
        months, largest, regions, count = (one.rows() for one in pl.collect_all(plans))
        return _of_codes(rows, months, targets, largest, regions, count[0][0])

    return ask


def pandas(rows: dict[str, Any], year: int) -> Callable[[list[tuple[str, int]]], Answer]:
    """A DataFrame of pandas in memory."""
    import pandas as pd

    frame, members = pd.DataFrame(rows["columns"]), rows["members"]

    def ask(targets: list[tuple[str, int]]) -> Answer:
        of_year = frame[frame["year"] == year]
        months = of_year.groupby(["fund", "month"])["cents"].sum()
        given = of_year[of_year["donor"] > 0].groupby(["fund", "donor"])["cents"].sum()
        above = given[given > 0].reset_index().sort_values(
            ["cents", "donor"], ascending=[False, True])  # fmt: skip
        regions = of_year[of_year["fund"] != FUNDS.index("OTHER")].groupby("region")["cents"].sum()
        core = above[(above["fund"] == 0) & above["donor"].isin(members)]
        return _of_codes(
            rows, [(*key, cents) for key, cents in months.items()], targets,
            above.groupby("fund").head(MOST).itertuples(index=False, name=None),
            regions.items(), len(core),
        )  # fmt: skip

    return ask


def _of_codes(
    rows: dict[str, Any], months: Iterable[Any], targets: list[tuple[str, int]],
    largest: Iterable[Any], regions: Iterable[Any], governments: int,
) -> Answer:  # fmt: skip
    codes = rows["regions"]
    return told(
        [(FUNDS[fund], month, cents) for fund, month, cents in months],
        targets,
        [(FUNDS[fund], donor, cents) for fund, donor, cents in largest],
        [(codes[region], cents) for region, cents in regions if codes[region]],
        governments,
    )
