"""What kind of entries a file's rows are, where no column says it: from headings and names."""

from collections.abc import Sequence

from income.imports.columns.matching import Candidate
from income.imports.columns.phrases import phrase
from income.vocabulary import Kind

# Beginnings of words, in the form of `phrase`; the first kind with one of them is meant.
STEMS: dict[str, str] = {
    Kind.PLEDGE: "pledg announc annonc promes промес обещ объявл تعهد اعلان 认捐 宣布",
    Kind.AGREEMENT: "agreement agreed sign commit accord convention firm acuerdo convenio подпис "
                    "соглаш اتفاق توقيع موقع 签署 签字 协议 协定 承诺",
    Kind.RECEIPT: "receipt receiv paid payment posting pstng deposit cash credited reception recu "
                  "paiement encaiss versement verse recib recep pago cobro поступ получ плат "
                  "зачисл استلام دفع قيد ايداع تحصيل 收款 到账 付款 收到 入账 过账 实收",
    Kind.ALLOTMENT: "allotment allott assignation ассигн 拨款",
    Kind.AUDITED_REVENUE: "audited auditad проверен 审计",
}  # fmt: skip
PLACES = ("date", "amount", "amount_usd")


def kind_said(found: Sequence[Candidate], headings: Sequence[Sequence[str]], sheet: str) -> str:
    """The kind that the heading of the dates says, else that of the amounts, else the sheet's
    name; "" where none does, or a column says it row by row."""
    if any(one.field == "kind" for one in found):
        return ""
    for name in PLACES:
        for one in found:
            if one.field == name and (kind := _of_text(" ".join(headings[one.column][:1]))):
                return kind
    return _of_text(phrase(sheet))


def _of_text(said: str) -> str:
    for kind, stems in STEMS.items():
        if any(_begins(said, stem) for stem in stems.split()):
            return str(kind)
    return ""


def _begins(said: str, stem: str) -> bool:
    if stem.isascii() or "а" <= stem[0] <= "я":
        return any(word.startswith(stem) for word in said.split())
    return stem in said
