"""The listed questions of the Board page asked of raw rows: plain SQL, DuckDB, Polars and pandas.

Every one answers in the same form, US dollars in cents: what came in by fund and month, cumulative;
by fund what came in and what was hoped for; the ten largest donors by fund; what came in by region;
and how many Member States gave core money. Donors that were merged count as the one they became.
DuckDB holds the entries as they stand: words, dates, decimals, and donors that it has to follow to
whom they became. Polars and pandas hold small integers of receipts in cash alone, with donors as
they are today, which is to their advantage.
"""

# ruff: noqa: S608  every statement is made of this module's own words and numbers
from collections.abc import Callable, Iterable
from typing import Any

from django.db import connection

Answer = dict[str, Any]
FUNDS = ("FNE", "FE", "TC", "EARMARKED", "OTHER")
WORDS = ("fund", "region", "kind", "mode")
# What is read of an entry, and how small a number holds it. `donor` is the one of today.
COLUMNS = {
    "fund": "int8", "region": "int8", "kind": "int8", "mode": "int8", "posted_for": "int32",
    "donor": "int32", "year": "int16", "month": "int8", "day": "int8", "cents": "int64",
}  # fmt: skip
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


def plain_sql(ledger: int, year: int, target_set: str, entries: str = "income_entry") -> Answer:
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
        f"ORDER BY SUM(e.amount_usd) DESC, {TODAY}) AS place FROM {entries} e "
        f"JOIN donors_donor d ON d.id = e.donor_id WHERE {OF_YEAR} "
        f"GROUP BY e.fund_id, {TODAY} HAVING SUM(e.amount_usd) > 0) ranked WHERE place <= {MOST}"
    )
    governments = (
        f"SELECT COUNT(*) FROM (SELECT {TODAY} FROM {entries} e "
        "JOIN donors_donor d ON d.id = e.donor_id "
        f"JOIN donors_donor g ON g.id = {TODAY} AND g.is_member_state "
        f"WHERE {OF_YEAR} AND e.fund_id = 'FNE' "
        f"GROUP BY {TODAY} HAVING SUM(e.amount_usd) > 0) givers"
    )
    return told(
        _rows(f"SELECT e.fund_id, {month}, SUM(e.amount_usd) FROM {entries} e "
              f"WHERE {OF_YEAR} GROUP BY 1, 2", asked),
        targets_of(target_set, year),
        _rows(ranked, asked),
        _rows(f"SELECT e.region_id, SUM(e.amount_usd) FROM {entries} e "
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
    """Converted entries of all years as columns of small integers, read in portions.

    Of each word (fund, region, kind, mode) the column holds its number in the list of its name.
    """
    import numpy as np

    words: dict[str, dict[str, int]] = {name: {} for name in WORDS}
    words["fund"] = {fund: number for number, fund in enumerate(FUNDS)}
    statement = (
        f"SELECT e.fund_id, COALESCE(e.region_id, ''), e.kind, e.mode, COALESCE(e.donor_id, 0), "
        f"COALESCE({TODAY}, 0), CAST(e.value_date AS varchar(10)), e.amount_usd "
        "FROM income_entry e LEFT JOIN donors_donor d ON d.id = e.donor_id "
        "WHERE e.ledger_id = %(ledger)s AND e.amount_usd IS NOT NULL AND e.id > %(after)s "
        "AND e.id <= %(until)s ORDER BY e.id"
    )
    (last,) = _rows("SELECT MAX(id) FROM income_entry WHERE ledger_id = %(ledger)s",
                    {"ledger": ledger})[0]  # fmt: skip
    numbered = [words[name] for name in WORDS]
    parts: list[Any] = []
    for start in range(0, last, PORTION):
        asked = {"ledger": ledger, "after": start, "until": start + PORTION}
        parts.append(np.array([
            (*(known.setdefault(word, len(known))
               for known, word in zip(numbered, row[:4], strict=True)),
             *row[4:6], int(row[6][:4]), int(row[6][5:7]), int(row[6][8:]), row[7])
            for row in _rows(statement, asked)
        ], dtype=np.int64))  # fmt: skip
    table = np.concatenate(parts)
    return {
        "columns": {name: np.ascontiguousarray(table[:, n]).astype(kind)
                    for n, (name, kind) in enumerate(COLUMNS.items())},
        "words": {name: list(known) for name, known in words.items()},
        "donors": _rows("SELECT id, merged_into_id, is_member_state FROM donors_donor", {}),
    }  # fmt: skip


PORTION = 500_000
Loaded = Callable[[dict[str, Any], int], Callable[[list[tuple[str, int]]], Answer]]


def received(rows: dict[str, Any]) -> dict[str, Any]:
    """The columns of receipts in cash, for those who need not look for them."""
    columns, words = rows["columns"], rows["words"]
    wanted = (columns["kind"] == words["kind"].index("receipt")) & (
        columns["mode"] == words["mode"].index("cash")
    )
    return {name: columns[name][wanted]
            for name in ("fund", "region", "donor", "year", "month", "cents")}  # fmt: skip


def members_of(rows: dict[str, Any]) -> list[int]:
    """The Member States of today."""
    return sorted(pk for pk, merged, is_member in rows["donors"] if is_member and not merged)


def duckdb(
    rows: dict[str, Any], year: int, order: str = "x.place"
) -> Callable[[list[tuple[str, int]]], Answer]:
    """The entries as they stand in a table in DuckDB's memory, asked as plain SQL asks them.

    `order` is the expression that rows are put in the order of: as they were posted, if not told.
    """
    import duckdb as engine
    import pandas as pd

    here = engine.connect()
    frame = pd.DataFrame(rows["columns"])
    here.register("frame", frame.assign(place=range(len(frame))))
    for name, words in rows["words"].items():
        here.register(f"{name}_words", pd.DataFrame({"number": range(len(words)), "word": words}))
    donors = pd.DataFrame(rows["donors"], columns=["id", "merged", "is_member"])
    here.register("donor_rows", donors)
    here.execute(
        "CREATE TABLE d AS SELECT id::BIGINT AS id, COALESCE(merged, id)::BIGINT AS today, "
        "is_member::BOOLEAN AS is_member FROM donor_rows; "
        "CREATE TABLE e AS SELECT k.word AS kind, m.word AS mode, f.word AS fund, "
        "nullif(r.word, '') AS region, nullif(x.posted_for, 0)::BIGINT AS donor, "
        "make_date(x.year, x.month, x.day) AS value_date, (x.cents / 100)::DECIMAL(18, 2) AS usd "
        "FROM frame x JOIN kind_words k ON k.number = x.kind "
        "JOIN mode_words m ON m.number = x.mode JOIN fund_words f ON f.number = x.fund "
        f"JOIN region_words r ON r.number = x.region ORDER BY {order}"
    )
    here.unregister("frame")
    of_year = (
        "e.kind = 'receipt' AND e.mode = 'cash' "
        f"AND e.value_date BETWEEN DATE '{year}-01-01' AND DATE '{year}-12-31'"
    )
    given = f"FROM e JOIN d ON d.id = e.donor WHERE {of_year}"
    statements = (
        f"SELECT fund, month(value_date), SUM(usd) * 100 FROM e WHERE {of_year} GROUP BY ALL",
        f"SELECT fund, today, SUM(usd) * 100 AS c {given} GROUP BY fund, today HAVING c > 0 "
        f"QUALIFY ROW_NUMBER() OVER (PARTITION BY fund ORDER BY c DESC, today) <= {MOST}",
        f"SELECT region, SUM(usd) * 100 FROM e WHERE {of_year} AND fund <> 'OTHER' "
        "AND region IS NOT NULL GROUP BY ALL",
        f"SELECT COUNT(*) FROM (SELECT today {given} AND fund = 'FNE' AND today IN "
        "(SELECT id FROM d WHERE is_member) GROUP BY today HAVING SUM(usd) > 0)",
    )

    def ask(targets: list[tuple[str, int]]) -> Answer:
        months, largest, regions, count = (here.execute(one).fetchall() for one in statements)
        return told(months, targets, largest, regions, count[0][0])

    return ask


def polars(rows: dict[str, Any], year: int) -> Callable[[list[tuple[str, int]]], Answer]:
    """A frame of Polars, lazily asked."""
    import polars as pl

    frame = pl.DataFrame(received(rows)).lazy()
    members = pl.Series(members_of(rows), dtype=pl.Int32).implode()
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

    frame, members = pd.DataFrame(received(rows)), members_of(rows)

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
    codes = rows["words"]["region"]
    return told(
        [(FUNDS[fund], month, cents) for fund, month, cents in months],
        targets,
        [(FUNDS[fund], donor, cents) for fund, donor, cents in largest],
        [(codes[region], cents) for region, cents in regions if codes[region]],
        governments,
    )
