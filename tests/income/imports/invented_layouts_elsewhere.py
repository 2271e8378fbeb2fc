"""Invented layouts in the other languages of the United Nations."""
# ruff: noqa: E501  rows of files stand as they come

from tests.income.imports.invented_layouts import Invented
from tests.income.imports.layout_sources import table

ELSEWHERE = [
    Invented(
        "French office",
        table("""
            Pays|Date de réception|Montant|Devise|Type de fonds|Observations
            Norvège|01/03/2021|25 000 000,00|NOK|Ressources de base|
            Suède|13/04/2021|1 500,50|SEK|Fins spéciales|solde
        """),
        {"donor": "pays", "date": "date de réception", "amount": "montant", "currency": "devise",
         "fund": "type de fonds", "note": "observations"},
        sign=",", order="dmy", doubted=("donor",),
    ),
    Invented(
        "French agreements",
        table("""
            Bailleur de fonds|Intitulé du projet|Date de signature|Échéance|Montant en dollars|Fonds|Bureau de pays
            Belgique|Logement|2021-03-15|2021-06-30|150 000,25|Coopération technique|Sénégal
        """),
        {"donor": "bailleur de fonds", "title": "intitulé du projet", "date": "date de signature",
         "due_on": "échéance", "amount_usd": "montant en dollars", "fund": "fonds",
         "area": "bureau de pays"},
        kind="agreement", sign=",",
    ),
    Invented(
        "Spanish receipts",
        table("""
            Donante|Importe recibido|Moneda|Fecha de ingreso|Fondo|Concepto|Gastos bancarios
            España|1.000.000,00|EUR|15/04/2021|Fines generales|Contribución 2021|12,50
        """),
        {"donor": "donante", "amount": "importe recibido", "currency": "moneda",
         "date": "fecha de ingreso", "fund": "fondo", "title": "concepto",
         "bank_charge": "gastos bancarios"},
        sign=",", order="dmy",
    ),
    Invented(
        "Spanish pledges",
        table("""
            País donante|Fecha de la promesa|Monto en USD|Tipo de fondo|Año presupuestario
            México|2021-05-20|75000.00|Recursos básicos|2022
        """),
        {"donor": "país donante", "date": "fecha de la promesa", "amount_usd": "monto en usd",
         "fund": "tipo de fondo", "year_for": "año presupuestario"},
        kind="pledge", sign=".",
    ),
    Invented(
        "Russian receipts",
        table("""
            Донор|Дата поступления|Сумма|Валюта|Вид средств|Примечание
            Норвегия|01.03.2021|25 000 000,00|NOK|Нецелевые средства|
            Швеция|23.03.2021|500,75|SEK|Техническое сотрудничество|
        """),
        {"donor": "донор", "date": "дата поступления", "amount": "сумма", "currency": "валюта",
         "fund": "вид средств", "note": "примечание"},
        sign=",", order="dmy",
    ),
    Invented(
        "Russian, by year",
        table("""
            Год|Страна|Категория донора|Фонд|Сумма в долл. США
            2020|Норвегия|Правительство|Регулярный бюджет|1 250 000,00
        """),
        {"year": "год", "donor": "страна", "contributor_type": "категория донора",
         "fund": "фонд", "amount_usd": "сумма в долл. сша"},
        kind="audited", sign=",", doubted=("donor",),
    ),
    Invented(
        "Arabic receipts",
        table("""
            الجهة المانحة|تاريخ الاستلام|المبلغ|العملة|الصندوق|ملاحظات
            النرويج|2021-03-01|25000000.50|NOK|الموارد الأساسية|
        """),
        {"donor": "الجهة المانحة", "date": "تاريخ الاستلام", "amount": "المبلغ",
         "currency": "العملة", "fund": "الصندوق", "note": "ملاحظات"},
        sign=".", order="ymd",
    ),
    Invented(
        "Arabic agreements in US dollars",
        table("""
            المانح|تاريخ التوقيع|المبلغ (بالدولار)|الصندوق|المكتب القطري|رقم الاتفاق
            قطر|2021-03-01|٢٥٠٠٠٠٫٥٠|التعاون التقني|العراق|A-77
        """),
        {"donor": "المانح", "date": "تاريخ التوقيع", "amount_usd": "المبلغ (بالدولار)",
         "fund": "الصندوق", "area": "المكتب القطري", "agreement": "رقم الاتفاق"},
        kind="agreement",
    ),
    Invented(
        "Chinese receipts",
        table("""
            捐助方|到账日期|金额|币种|资金类型|用途|备注
            挪威|2021-03-01|25,000,000.00|NOK|核心资源|2021年捐款|
            瑞典|2021-04-01|5,000.00|SEK|技术合作|住房|
        """),
        {"donor": "捐助方", "date": "到账日期", "amount": "金额", "currency": "币种",
         "fund": "资金类型", "title": "用途", "note": "备注"},
        sign=".", order="ymd",
    ),
    Invented(
        "Chinese, by year",
        table("""
            年份|捐款国|基金|金额（美元）
            2020|中国|基金会非专用|1,000.50
        """),
        {"year": "年份", "donor": "捐款国", "fund": "基金", "amount_usd": "金额(美元)"},
        kind="audited", sign=".",
    ),
    Invented(
        "Chinese with a title and a column of states",
        table("""
            2021年捐款一览表
            会员国|状态|签署日期|捐款金额|货币代码|协议编号
            挪威|已签署|2021-03-01|1000.00|NOK|A-1
            瑞典|认捐|2021-04-01|2000.00|SEK|A-2
        """),
        {"donor": "会员国", "kind": "状态", "date": "签署日期", "amount": "捐款金额",
         "currency": "货币代码", "agreement": "协议编号"},
        kind="", header_row=2, sign=".",
    ),
    Invented(
        "two languages in one heading",
        table("""
            Donor / Donateur|Date received / Date de réception|Amount / Montant|Currency / Devise
            Norway|2021-03-01|1000.00|NOK
        """),
        {"donor": "donor / donateur", "date": "date received / date de réception",
         "amount": "amount / montant", "currency": "currency / devise"},
        sign=".",
    ),
]  # fmt: skip
