"""Sample statements in three scripts, with words and figures as a filled document holds them."""

import dataclasses
from typing import Any

from reports.pdf.statement import StatementDocument, TableData, grouped_hash

HASH = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"
FACES = "Noto Sans, Noto Sans Arabic, Noto Sans SC, sans-serif"
HEIGHTS = (40, 55, 80, 20, 90, 105, 100, 70, 95, 110)

WORDS: dict[str, dict[str, Any]] = {
    "en": {
        "title": "Donor statement 2021",
        "subtitle": "Contributions to UN-Habitat",
        "donor": "Sweden",
        "sentence": "In 2021 Sweden paid US$ 3,900,000.00 to UN-Habitat.",
        "facts": ("Year", "As at", "31 December 2021"),
        "by_fund": ("By fund, US dollars", "Fund", "Pledged", "Agreed", "Due", "Received"),
        "funds": ("Foundation, non-earmarked", "Foundation, earmarked", "Technical cooperation"),
        "total": "Total",
        "note": "Pledged, agreed, due and received are not added to each other.",
        "receipts": ("Receipts", "Date", "Fund", "Reference", "Original amount", "Rate", "US$"),
        "date": "14 March 2021",
        "rate": "8.4120, UN operational rate of 1 March 2021",
        "empty": "No receipt is recorded for this year.",
        "years": ("Ten years, US dollars", "Year", "Core", "Earmarked", "Total"),
        "alt": "Columns: what was received in each year from 2012 to 2021.",
        "notes": ("SEK 100.00 received on 3 May 2021 are not converted: no rate is in force.",),
        "seal": ("Ledger", "Sequence", "Hash"),
        "ledger": "Demonstration",
        "disclaimer": "This statement is not a certified financial statement.",
        "demonstration": "DEMONSTRATION: these figures are invented",
        "labels": {
            "page_of": "Page {page} of {pages}",
            "notes": "Notes",
            "source": "State of the books",
        },
    },
    "ar": {
        "title": "كشف مساهمات المانح 2021",
        "subtitle": "المساهمات المقدمة إلى موئل الأمم المتحدة",
        "donor": "السويد",
        "sentence": "في عام 2021 دفعت السويد مبلغ 3,900,000.00 دولار إلى موئل الأمم المتحدة.",
        "facts": ("السنة", "في", "31 كانون الأول/ديسمبر 2021"),
        "by_fund": ("حسب الصندوق", "الصندوق", "المعلن", "المتفق عليه", "المستحق", "المقبوض"),
        "funds": ("المؤسسة، غير المخصص", "المؤسسة، المخصص", "التعاون التقني"),
        "total": "المجموع",
        "note": "المعلن والمتفق عليه والمستحق والمقبوض لا تُجمع.",
        "receipts": ("المقبوضات", "التاريخ", "الصندوق", "المرجع", "المبلغ", "السعر", "دولار"),
        "date": "14 آذار/مارس 2021",
        "rate": "8.4120، سعر الأمم المتحدة في 1 آذار/مارس 2021",
        "empty": "لم تسجل أي مقبوضات لهذه السنة.",
        "years": ("عشر سنوات", "السنة", "الأساسية", "المخصصة", "المجموع"),
        "alt": "أعمدة: المبالغ المقبوضة في كل سنة من 2012 إلى 2021.",
        "notes": ("مبلغ 100.00 كرونة قُبض في 3 أيار/مايو 2021 لم يحوَّل.",),
        "seal": ("الدفتر", "التسلسل", "البصمة"),
        "ledger": "العرض التوضيحي",
        "disclaimer": "هذا الكشف ليس بيانا ماليا مصدقا عليه.",
        "demonstration": "عرض توضيحي: هذه الأرقام غير حقيقية",
        "labels": {
            "page_of": "الصفحة {page} من {pages}",
            "notes": "ملاحظات",
            "source": "حالة الدفاتر",
        },
    },
    "zh-hans": {
        "title": "捐助方报表 2021",
        "subtitle": "对人居署的捐款",
        "donor": "瑞典",
        "sentence": "2021年,瑞典向人居署支付3,900,000.00美元。",
        "facts": ("年份", "截至", "2021年12月31日"),
        "by_fund": ("按基金分列,美元", "基金", "认捐", "商定", "到期", "收到"),
        "funds": ("基金会非专用资金", "基金会专用资金", "技术合作"),
        "total": "共计",
        "note": "认捐、商定、到期和收到不相加。",
        "receipts": ("收款", "日期", "基金", "编号", "原币金额", "汇率", "美元"),
        "date": "2021年3月14日",
        "rate": "8.4120,联合国业务汇率,2021年3月1日",
        "empty": "本年度没有收款记录。",
        "years": ("十年", "年份", "核心", "专用", "共计"),
        "alt": "柱状图:2012年至2021年每年收款。",
        "notes": ("2021年5月3日收到的100.00瑞典克朗未折算:无有效汇率。",),
        "seal": ("分类账", "序号", "哈希值"),
        "ledger": "演示",
        "disclaimer": "本报表不是经核证的财务报表。",
        "demonstration": "演示:这些数字是虚构的",
        "labels": {"page_of": "第{page}页,共{pages}页", "notes": "附注", "source": "账簿状态"},
    },
}


def sample(language: str = "en", *, receipts: int = 3, **changed: Any) -> StatementDocument:
    """A demonstration donor's statement; `changed` replaces fields of it."""
    words = WORDS[language]
    year, as_at, day = words["facts"]
    seal = zip(words["seal"], (words["ledger"], "1,204", grouped_hash(HASH)), strict=True)
    document = StatementDocument(
        title=words["title"],
        subtitle=words["subtitle"],
        donor_name=words["donor"],
        facts=[(year, "2021"), (as_at, day)],
        sentence=words["sentence"],
        fund_table=_by_fund(words),
        receipts=_receipts(words, receipts),
        years_table=_years(words),
        chart_svg=chart(words["years"][0]),
        chart_alt=words["alt"],
        notes=words["notes"],
        source=list(seal),
        disclaimer=words["disclaimer"],
        demonstration=words["demonstration"],
        labels=words["labels"],
        language=language,
        direction="rtl" if language == "ar" else "ltr",
    )
    return dataclasses.replace(document, **changed)


def chart(words: str) -> str:
    """Ten columns under a heading, as a drawing that stands alone."""
    columns = "".join(
        f'<rect x="{50 + at * 58}" y="{160 - height}" width="36" height="{height}" fill="#006079"/>'
        for at, height in enumerate(HEIGHTS)
    )
    return (
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 640 170">'
        f'<text x="40" y="18" font-family="{FACES}" font-size="14">{words}</text>{columns}</svg>'
    )


def _by_fund(words: dict[str, Any]) -> TableData:
    title, *headers = words["by_fund"]
    figures = ["3,000,000.00", "2,500,000.00", "1,200,000.00", "1,300,000.00"]
    total = ["9,000,000.00", "7,500,000.00", "−3,600,000.00", "3,900,000.00"]
    return TableData(
        title=title,
        headers=headers,
        rows=[[fund, *figures] for fund in words["funds"]],
        total_row=[words["total"], *total],
        note=words["note"],
        empty=words["empty"],
        figures=(1, 2, 3, 4),
    )


def _receipts(words: dict[str, Any], count: int) -> TableData:
    title, *headers = words["receipts"]
    rows = [
        [
            words["date"],
            words["funds"][at % 3],
            f"SWE-{at:03d}",
            "SEK 44,000.00",
            words["rate"],
            "5,230.62",
        ]
        for at in range(count)
    ]
    return TableData(title, headers, rows, empty=words["empty"], figures=(3, 5))


def _years(words: dict[str, Any]) -> TableData:
    title, *headers = words["years"]
    rows = [[str(year), "3,000.00", "2,400.00", "5,400.00"] for year in range(2012, 2022)]
    return TableData(title, headers, rows, empty=words["empty"], figures=(1, 2, 3))
