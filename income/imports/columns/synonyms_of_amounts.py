"""What headings call dates, amounts and identifiers; written like `synonyms.py`."""

SYNONYMS: dict[str, str] = {
    "date": """
        date|value date|posting date|pstng date|date received|received on|receipt date
        date of receipt|payment date|date of payment|transaction date|booking date|deposit date
        bank date|date paid
        agreement signed|agreement date|date of agreement|signature date|date signed|signed on
        date of signature|pledge date|date of pledge|date pledged|announced on|announcement date
        contribution date|effective date|credit date|date credited|credited on|paid on|flow date
        ?document date|?doc date|?decision date|?entry date|?first reported date|?reported date
        ?month|?received|?signed|?day
        date de réception|date de paiement|date d'encaissement|date de comptabilisation|reçu le
        date de valeur|date de signature|date de l'accord|signé le|date de versement|versé le
        date d'annonce|?date du document|?mois
        fecha|fecha de recepción|fecha de pago|fecha de ingreso|fecha valor|fecha de contabilización
        fecha de firma|fecha del acuerdo|recibido el|fecha de cobro|fecha de la promesa|firmado el
        ?fecha del documento|?mes
        дата|дата поступления|дата платежа|дата получения|дата зачисления|дата проводки
        дата подписания|дата соглашения|дата валютирования|?дата документа|?месяц
        التاريخ|تاريخ الاستلام|تاريخ الدفع|تاريخ القيد|تاريخ التوقيع|تاريخ الاتفاق|تاريخ القيمة
        تاريخ الإيداع|تاريخ التحصيل|?تاريخ المستند|?الشهر
        日期|收款日期|到账日期|付款日期|过账日期|记账日期|签署日期|签字日期|起息日|入账日期|协议日期|收到日期
        ?凭证日期|?月份""",
    "due_on": """
        due on|due date|payment due|payment due date|instalment due|installment due date|date due
        expected date|expected payment date|expected on
        échéance|échéance le|date d'échéance|exigible le
        vence el|fecha de vencimiento|vencimiento
        срок платежа|срок оплаты|срок уплаты|подлежит оплате
        تاريخ الاستحقاق|موعد الاستحقاق|يستحق في
        到期日|应付日期|到期日期""",
    "ends_on": """
        ends on|end date|agreement end date|expiry date|expiration date|valid to|valid until|date to
        project end date|grant end date|until
        se termine le|date de fin|date d'expiration|date de fin du projet
        termina el|fecha de finalización|fecha de término|fecha fin|fecha de terminación
        дата окончания|окончание|срок действия до|действует до
        تاريخ الانتهاء|تاريخ النهاية|ينتهي في
        结束日期|截止日期|终止日期|届满日期""",
    "year": """
        year|fiscal year|calendar year|financial year|reporting year|fy|revenue year|posting year
        ?year or period|?period
        année|exercice|année civile|exercice financier
        año|ejercicio|año fiscal|ejercicio económico|año civil
        год|финансовый год|отчетный год|календарный год
        السنة|العام|السنة المالية|سنة
        年份|年度|年|财政年度|会计年度""",
    "year_for": """
        year the money is for|budget year|for year|contribution year|year of contribution
        programme year|year for|for the year
        année budgétaire|exercice budgétaire|année de la contribution|au titre de l'année
        año presupuestario|ejercicio presupuestario|año de la contribución
        бюджетный год|год взноса|за год
        سنة الميزانية|سنة المساهمة|السنة المخصص لها
        预算年度|捐款年度|资金所属年度|所属年度""",
    "amount": """
        amount|original amount|amount in original currency|amount in transaction currency|value|sum
        amount in document currency|amount in doc curr|amount in doc currency|gross amount
        amount in donor currency|amount in contribution currency|amount original|original
        sum received|sum paid|sum pledged|sum agreed
        contribution amount|amount received|amount paid|amount pledged|pledged amount|pledge amount
        agreement amount|grant amount|amount contributed|receipt amount|received amount|paid amount
        signed amount|agreed amount|amount agreed|contribution value|transaction amount
        amount original currency|amount currency|total amount|net amount|amount of contribution
        ?amount in local currency|?amount in lc|?contribution|?pledge|?total|?revenue|?income
        ?transaction currency|?document currency|?total contribution
        montant|montant original|montant reçu|montant en devise|montant en monnaie d'origine|somme
        montant de la contribution|montant versé|montant annoncé|montant de l'accord|?contribution
        ?total|?versement
        importe|monto|cantidad|importe recibido|monto recibido|importe original|suma|valor
        importe en moneda original|importe de la contribución|monto de la contribución|?contribución
        ?aporte
        сумма|сумма взноса|сумма в валюте|сумма в валюте документа|полученная сумма|?взнос|?итого
        сумма в исходной валюте|объем взноса
        المبلغ|قيمة المساهمة|مبلغ المساهمة|المبلغ الأصلي|المبلغ المستلم|القيمة|?المساهمة
        المبلغ بالعملة الأصلية
        金额|数额|原币金额|捐款金额|款额|收到金额|实收金额|交易金额|捐款额|认捐金额|协议金额|?捐款""",
    "currency": """
        currency|currency code|curr|crcy|doc currency|document currency|doc curr
        transaction currency|original currency|currency of contribution|contribution currency
        ccy|cur|currency key
        donor currency|agreement currency
        devise|monnaie|code devise|code monnaie|monnaie d'origine|devise d'origine
        moneda|divisa|código de moneda|moneda original
        валюта|код валюты|валюта документа|валюта взноса|исходная валюта
        العملة|رمز العملة|العملة الأصلية
        币种|货币|货币代码|原币|币别|原币种""",
    "amount_usd": """
        amount in us dollars|amount usd|usd amount|usd|us dollars|usd equivalent|equivalent usd
        equivalent in usd|amount in usd|contribution usd|contribution in usd|total usd|value usd
        amount in group currency|amount in gc|income usd|value in usd|received usd|expected usd
        amount in us|equivalent amount|paid usd|pledged usd|agreed usd|signed usd|revenue usd
        ?amount in local currency|?amount in lc|?loc curr amount|?local currency amount|?revenue
        montant en dollars des états-unis|montant en usd|équivalent en usd|équivalent usd
        montant usd
        importe en dólares de los estados unidos|importe en usd|equivalente en usd|monto en usd
        importe usd|monto usd|equivalente usd
        сумма в usd|эквивалент в usd|сумма usd|эквивалент usd
        المبلغ usd|المبلغ ب usd|القيمة usd|القيمة ب usd|ما يعادل usd
        usd 金额|金额 usd|折合 usd|等值 usd|usd 等值|usd 数额|捐款额 usd|以 usd 计金额""",
    "exchange_rate": """
        exchange rate|rate of exchange|fx rate|un rate|un operational rate|operational rate|unore
        conversion rate|?rate
        taux de change|taux de change opérationnel|?taux
        tipo de cambio|tasa de cambio
        обменный курс|курс|курс обмена|операционный курс
        سعر الصرف|سعر صرف
        汇率|业务汇率""",
    "agreement": """
        agreement number|agreement|agreement no|agreement reference|agreement ref|agreement id
        grant|grant number|grant no|grant id|grant code|contract number|contribution agreement
        award number|agreement code|contract no|?wbs element|?wbs|?contract
        numéro de l'accord|accord|numéro d'accord|référence de l'accord|convention|n° d'accord
        numéro de convention|subvention|numéro de subvention
        número del acuerdo|acuerdo|número de acuerdo|convenio|número de convenio|subvención
        nº de acuerdo
        номер соглашения|соглашение|№ соглашения|грант|номер договора|номер гранта
        رقم الاتفاق|الاتفاق|رقم الاتفاقية|الاتفاقية|المنحة|رقم المنحة
        协议编号|协议号|协议|赠款编号|合同编号|赠款|协定编号""",
    "reference": """
        reference|ref|ref code|reference number|reference no|bank reference|payment reference|ref no
        donor reference|reference key|reference code|your reference|?assignment
        référence|réf|numéro de référence|référence bancaire|référence du paiement
        referencia|número de referencia|referencia bancaria|nº de referencia
        ссылка|референс|номер ссылки|учетный номер|банковская ссылка
        المرجع|الرقم المرجعي|رقم المرجع|مرجع
        参考号|参考编号|银行参考号|文号|编号|参考""",
    "document": """
        document number|document no|doc no|documentno|document|doc number|voucher|voucher number
        accounting document|journal number|receipt number|receipt no|fi document|journal entry
        numéro de document|numéro du document|n° de document|pièce|numéro de pièce|pièce comptable
        número de documento|número del documento|nº de documento|documento|comprobante
        номер документа|документ|№ документа|номер проводки
        رقم المستند|رقم الوثيقة|المستند|الوثيقة
        凭证号|凭证编号|文件编号|单据号|文件号""",
    "title": """
        purpose|title|description|project|project title|project name|contribution title
        grant name|grant title|agreement title|activity|text|item text|line item text|narrative
        purpose of grant|grant description|?contribution
        objet|titre|intitulé|description|projet|libellé|but|titre du projet|nom du projet
        finalidad|título|descripción|objeto|proyecto|concepto|propósito|título del proyecto
        назначение|цель|название|описание|проект|название проекта|наименование проекта
        назначение платежа
        الغرض|العنوان|الوصف|المشروع|البيان|اسم المشروع|عنوان المشروع
        用途|目的|标题|说明|项目|项目名称|摘要|描述|名称""",
    "support_rate": """
        programme support per cent|programme support|programme support rate|psc|psc rate
        psc per cent|programme support cost|programme support costs|support rate
        overhead rate|indirect cost rate
        psc percentage
        appui aux programmes, en pourcentage|appui aux programmes|taux d'appui aux programmes
        apoyo a los programas, en porcentaje|apoyo a los programas|tasa de apoyo a los programas
        вспомогательное обслуживание программ|расходы на поддержку программ
        دعم البرامج|تكاليف دعم البرامج|نسبة دعم البرامج
        方案支助|方案支助费用|方案支助率|方案支助费率""",
    "bank_charge": """
        bank charge|bank charges|bank fee|bank fees|transfer fee|charges|fees|bank costs
        frais bancaires|frais de banque|commission bancaire
        gastos bancarios|comisión bancaria|gasto bancario
        банковский сбор|банковская комиссия|комиссия банка|банковские расходы
        رسوم مصرفية|الرسوم المصرفية|رسوم بنكية|الرسوم البنكية
        银行手续费|手续费|银行费用|银行收费""",
    "row_id": """
        identifier of the row|id|row id|row identifier|unique id|flow id|line id|record id
        transaction id|entry id|uuid|unique identifier
        identifiant de la ligne|identifiant|identifiant unique
        identificador de la fila|identificador|identificador único
        идентификатор строки|идентификатор
        معرف السطر|المعرف|معرف الصف
        行标识|标识|标识符|行标识符|唯一标识""",
    "note": """
        note|notes|remark|remarks|comment|comments|?sponsored class|?dest plan code|?keywords
        remarque|remarques|observations|commentaire|commentaires
        nota|notas|observaciones|comentario|comentarios
        примечание|примечания|комментарий|комментарии
        ملاحظة|ملاحظات|تعليق|تعليقات
        备注|附注|注释|注|备考""",
}
