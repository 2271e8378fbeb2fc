"""Layouts as offices and systems might send them: invented, each with what it must be read as."""
# ruff: noqa: E501  rows of files stand as they come

import datetime
from dataclasses import dataclass, field
from decimal import Decimal

from tests.income.imports.layout_sources import table


@dataclass
class Invented:
    """`columns` is field → heading key, exactly; the rest is asserted where it is given."""

    name: str
    rows: list
    columns: dict
    kind: str = "receipt"
    header_row: int = 1
    header_rows: int = 1
    constants: dict = field(default_factory=dict)
    sign: str | None = None
    order: str | None = None
    doubted: tuple = ()  # fields about which something must be asked


ENGLISH = [
    Invented(
        "ERP export, short headings",
        table("""
            Posting Date|Document Number|Business Partner|Grant|WBS element|Doc. curr.|Amount in doc. curr.|Amount in LC|Sponsored class
            15.06.2021|5100012345|1000234|S1-32FEW-000123|SB-012345.01|EUR|1.234.567,89|1.467.000,12|CONTR
            28.06.2021|5100012346|1000777|S1-32FEW-000124|SB-012345.02|SEK|500.000,00|58.000,00|CONTR
        """),
        {"date": "posting date", "document": "document number", "donor_code": "business partner",
         "agreement": "grant", "currency": "doc. curr.", "amount": "amount in doc. curr.",
         "amount_usd": "amount in lc", "note": "sponsored class"},
        sign=",", order="dmy", doubted=("amount_usd",),
    ),
    Invented(
        "ERP with names of partners",
        table("""
            Entry Date|Posting Date|DocumentNo|Business Partner|Fund|Text|Curr.|Amount
            2021-06-02|2021-06-01|190001|Government of Norway|FNE|Core 2021|NOK|2500000.00
            2021-06-03|2021-06-02|190002|Ford Foundation of India|FE|Housing|USD|18000.50
        """),
        {"date": "posting date", "document": "documentno", "donor": "business partner",
         "fund": "fund", "title": "text", "currency": "curr.", "amount": "amount"},
        sign=".", order="ymd",
    ),
    Invented(
        "regional office, agreements signed",
        table("""
            Country office|Partner|Funding agency|Agreement signed|Contribution (USD)|Fund|Remarks
            Kenya|County of Nakuru|Sweden|03/31/2021|1,250,000.50|Technical cooperation|first
            Somalia|Benadir|Japan|12/15/2021|300,000.00|Technical cooperation|
        """),
        {"area": "country office", "donor": "funding agency", "date": "agreement signed",
         "amount_usd": "contribution (usd)", "fund": "fund", "note": "remarks"},
        kind="agreement", sign=".", order="mdy",
    ),
    Invented(
        "title rows above, blank row, totals below",
        table("""
            UN-Habitat
            Contributions received in 2021
            ~
            No.|Donor|Purpose|Date received|Currency|Amount
            1|Norway|Core contribution|2021-03-01|NOK|25000000.00
            2|Spain|Core contribution|2021-04-09|EUR|1000000.00
            |Total||||26000000.00
        """),
        {"donor": "donor", "title": "purpose", "date": "date received", "currency": "currency",
         "amount": "amount"},
        header_row=4, sign=".",
    ),
    Invented(
        "two rows of headings, merged groups",
        [
            ["Donor", "Amount", None, "Date", "Fund"],
            [None, "USD", "original", None, None],
            ["Norway", 2_900_000, 25_000_000, datetime.date(2021, 3, 1), "general purpose"],
            ["Spain", 1_200_000, 1_000_000, datetime.date(2021, 4, 9), "core"],
        ],
        {"donor": "donor", "amount_usd": "amount usd", "amount": "amount original",
         "date": "date", "fund": "fund"},
        header_row=2, header_rows=2, sign="", doubted=("kind",),
    ),
    Invented(
        "units below the headings",
        table("""
            Contributor|Date of pledge|Pledged amount|Fund
            |dd/mm/yyyy|USD|
            Norway|25/02/2021|1000|Core
            Chad|26/02/2021|2000|Core
        """),
        {"donor": "contributor", "date": "date of pledge", "amount_usd": "pledged amount usd",
         "fund": "fund"},
        kind="pledge", header_row=2, header_rows=2, order="dmy",
    ),
    Invented(
        "the currency stands in the heading",
        table("""
            Name of donor|Paid on|Amount (EUR)|Fund type
            Austria|2021-02-28|100000.00|Non-earmarked
            Finland|2021-03-28|200000.00|Special purpose
        """),
        {"donor": "name of donor", "date": "paid on", "amount": "amount (eur)",
         "fund": "fund type"},
        constants={"currency": "EUR"}, sign=".",
    ),
    Invented(
        "odd columns, any order",
        table("""
            Colour|Status|Rank|Ccy|E-mail of donor|Received on|Donor|Value|Donor type|Donor code
            red|Paid|1|SEK|a@b.se|2021-05-05|Sweden|100.25|Government|SWE
            blue|Pledge|2|NOK|c@d.no|2021-05-06|Norway|200.25|Government|NOR
        """),
        {"kind": "status", "currency": "ccy", "date": "received on", "donor": "donor",
         "amount": "value", "contributor_type": "donor type", "donor_code": "donor code"},
        kind="", sign=".",
    ),
    Invented(
        "audited, country for donor, fund from revenue type",
        table("""
            Fiscal year|Country|ISO|Revenue type|USD
            2019|Norway|NOR|Voluntary non-core (earmarked) contributions|19 234.56
            2020|Sweden|SWE|Regular budget|7 000.00
        """),
        {"year": "fiscal year", "donor": "country", "iso3": "iso", "fund": "revenue type",
         "amount_usd": "usd"},
        kind="audited", sign=".", doubted=("donor", "fund"),
    ),
    Invented(
        "receipts with a donor and a country",
        table("""
            Donor|Country|Region|Receipt date|Original currency|Original amount|Exchange rate|USD equivalent
            Japan|Iraq|Arab States|2021-01-15|JPY|1000000|103.5|9661.84
        """),
        {"donor": "donor", "area": "country", "region": "region", "date": "receipt date",
         "currency": "original currency", "amount": "original amount",
         "exchange_rate": "exchange rate", "amount_usd": "usd equivalent"},
        sign=".",
    ),
    Invented(
        "headings nobody knows: what stands in the columns decides",
        table("""
            Zorb|Quux|Blip|Wump
            Norway|2021-03-01|NOK|25000000.50
            Sweden|2021-04-01|SEK|1000.25
        """),
        {"donor": "zorb", "date": "quux", "currency": "blip", "amount": "wump"},
        doubted=("donor", "date", "currency", "amount", "kind"),
    ),
    Invented(
        "no headings at all",
        [
            ["Norway", datetime.date(2021, 3, 1), "NOK", Decimal("25000000.5"), "FNE"],
            ["Sweden", datetime.date(2021, 4, 1), "SEK", Decimal("1000.25"), "FE"],
        ],
        {"donor": "@1", "date": "@2", "currency": "@3", "amount": "@4", "fund": "@5"},
        header_row=0, doubted=("layout", "kind"),
    ),
    Invented(
        "allotments by number, camel case",
        table("""
            allotmentDate|amountUsd|documentNo|remarks
            2021-01-04|1250000.00|A-1|first quarter
        """),
        {"date": "allotmentdate", "amount_usd": "amountusd", "document": "documentno",
         "note": "remarks"},
        kind="allotment", sign=".",
    ),
]  # fmt: skip
