"""Money nobody can name, references of the ERP, and one month's export that does not all match."""

import datetime
import hashlib
from decimal import Decimal

from income.demonstration.desk import MARK, Desk, marked
from income.finding import keep_starts
from income.models import ErpExport, ErpLine, ErpReference, Posting
from income.periods import YearMonth
from income.services.parked import UnidentifiedMoney, park_receipt
from income.vocabulary import Act, ErpScheme

PARKED = (
    ("EUR", "45000.00", datetime.date(2022, 1, 21), "TREASURY OFFICE /RFB/ HABITAT", "0041"),
    ("USD", "12480.00", datetime.date(2022, 12, 7), "CITY NETWORK CONTRIBUTION", "0057"),
)
# Agreements with a grant, a fund and a WBS element of the ERP, by their tokens.
REFERENCED = (
    "demo-2022-EARMARKED-SWE", "demo-2022-EARMARKED-CHE", "demo-2021-FE-DEU-1",
    "demo-2021-FE-NLD-1", "demo-2021-TC-JPN-1", "demo-2021-TC-EU-1", "demo-2021-TC-KFW-late",
)  # fmt: skip
# Receipts that the export has, by their tokens: one paid late, and a month of unattributed money.
LATE, UNNAMED = "demo-2021-TC-KFW-late-1", "demo-2022-01-unnamed"
MONTH = YearMonth(2022, 1)
FIRST_OF_2022 = YearMonth(2022, 1)
FILE = "demonstration-receipts-2022-01.csv"
LATE_ON, DEPOSITED_ON = datetime.date(2022, 1, 14), datetime.date(2022, 1, 19)
LAST_DAY = datetime.date(2022, 1, 31)
# What the books have of January, with 1,000 dollars less for technical cooperation.
LESS_THAN_BOOKED = (("FNE", "24446.54"), ("FE", "1347054.55"), ("TC", "5685690.91"))


def lay_parked_money(desk: Desk) -> int:
    """Two payments whose text does not say what they are for."""
    for currency, amount, on, payer, reference in PARKED:
        money = UnidentifiedMoney(
            currency=desk.currencies[currency], amount=Decimal(amount), received_on=on,
            payer=payer, bank_reference=f"{MARK}{reference}", note=marked("No reference"),
        )  # fmt: skip
        park_receipt(desk.ledger, money, today=desk.today, by=desk.second)
    return len(PARKED)


def lay_references(desk: Desk) -> int:
    """Three identifiers an agreement, and the document number of each receipt of 2022."""
    rows = []
    for number, token in enumerate(REFERENCED, start=1):
        agreement = desk.agreements[token]
        for scheme, value in (
            (ErpScheme.GRANT, f"G-2000{number}"),
            (ErpScheme.FUND, f"32{agreement.fund_id}"),
            (ErpScheme.WBS, f"SB-00{number}.01"),
        ):
            rows.append(
                ErpReference(
                    ledger=desk.ledger, contribution=agreement, scheme=scheme,
                    value=f"{MARK}{value}",
                )
            )  # fmt: skip
    for posting in (*_receipts_of_agreements(desk), _posting(desk, UNNAMED)):
        rows.append(
            ErpReference(
                ledger=desk.ledger, posting=posting, scheme=ErpScheme.DOCUMENT,
                value=_document(posting),
            )
        )  # fmt: skip
    made = ErpReference.objects.bulk_create(rows)
    keep_starts([row.contribution for row in made if row.contribution])
    return len(made)


def _receipts_of_agreements(desk: Desk) -> list[Posting]:
    postings = Posting.objects.filter(
        ledger=desk.ledger, act=Act.RECORD_RECEIPT, booked_month__gte=FIRST_OF_2022.key,
        entries__contribution__isnull=False,
    ).distinct()  # fmt: skip
    return list(postings.order_by("sequence"))


def _posting(desk: Desk, token: str) -> Posting:
    return Posting.objects.get(ledger=desk.ledger, token=token)


def _document(posting: Posting) -> str:
    return f"{MARK}51{posting.sequence:08}"


def lay_export(desk: Desk) -> int:
    """January 2022 as an ERP might have it: one receipt differs, one line is not in the books."""
    export = ErpExport.objects.create(
        ledger=desk.ledger, month=MONTH.key, file_name=FILE,
        sha256=hashlib.sha256(FILE.encode()).hexdigest(), matched_sequence=desk.ledger.sequence,
        loaded_by=desk.second,
    )  # fmt: skip
    late, unnamed = _posting(desk, LATE), _posting(desk, UNNAMED)
    lines = [
        _line(LATE_ON, "250000.00", "TC", posting=late, partner="BP-110007", grant="G-20007"),
        *(
            _line(LAST_DAY, amount, fund, posting=unnamed, text="VARIOUS")
            for fund, amount in LESS_THAN_BOOKED
        ),
        _line(DEPOSITED_ON, "30000.00", "FE", text="CASH DEPOSIT REF 7781"),
    ]
    for row, line in enumerate(lines, start=2):  # the first row of a file is its header
        line.export, line.row = export, row
    return len(ErpLine.objects.bulk_create(lines))


def _line(
    on: datetime.date, amount: str, fund: str, *, text: str = "", partner: str = "",
    grant: str = "", posting: Posting | None = None,
) -> ErpLine:  # fmt: skip
    """A line in US dollars; identifiers get the mark."""
    return ErpLine(
        posted_on=on, currency_id="USD", amount=Decimal(amount), amount_usd=Decimal(amount),
        document=_document(posting) if posting else f"{MARK}5200000103", fund=f"{MARK}32{fund}",
        partner=f"{MARK}{partner}" if partner else "", grant=f"{MARK}{grant}" if grant else "",
        text=marked(text) if text else "", posting=posting,
    )  # fmt: skip
