"""What cells say for the portal's codes, beyond the names in its own tables: six languages.

Phrases between bars; case, accents and punctuation do not matter.
"""

from income.vocabulary import Kind

KINDS: dict[str, str] = {
    Kind.RECEIPT: """
        receipt|received|paid|cash|disbursement|disbursed|payment|collected|collection|deposit
        incoming funds|contribution received|in|cash received|paid in full|provided|transferred
        reçu|versé|payé|encaissé|encaissement|décaissement|versement|paiement|contribution reçue
        recibido|pagado|cobrado|desembolso|desembolsado|ingreso|pago|contribución recibida
        получено|поступление|оплачено|выплачено|перечислено|платеж|полученный взнос|поступило
        مقبوض|مدفوع|مستلم|محصل|دفعة|صرف|التبرعات الواردة|وارد|تم الدفع|تم الاستلام
        收到|已收|已付|实收|到账|已到账|支付|付款|收款|拨付|收到的捐款|已支付""",
    Kind.AGREEMENT: """
        agreement|commitment|committed|signed|agreed|contract|contracted|signed agreement
        outgoing commitment|incoming commitment|grant agreement|commitments
        accord|engagement|engagé|signé|convention|contrat|convenu
        acuerdo|compromiso|comprometido|firmado|convenio|contrato|acordado
        соглашение|обязательство|подписано|договор|обязательства|принятое обязательство
        اتفاق|اتفاقية|التزام|موقع|ملتزم به|عقد|تم التوقيع
        协议|承诺|已签署|签署|协定|合同|已承诺|签订""",
    Kind.PLEDGE: """
        pledge|pledged|announced|announcement|incoming pledge|promised|one time pledge
        annonce|annoncé|promesse|promis|annonce de contribution
        promesa|prometido|anunciado|anuncio|promesa de contribución
        объявлено|объявление взноса|обещано|обещание|объявленный взнос
        تعهد|إعلان|معلن|إعلان التبرع|وعد
        认捐|已认捐|宣布|宣布认捐|许诺""",
    Kind.AUDITED_REVENUE: """
        audited|revenue|audited revenue|recognized revenue|recognised revenue
        produits audités|produits|ingresos auditados|проверенные поступления
        إيرادات مراجعة|الإيرادات|已审计收入|审定收入""",
    Kind.ALLOTMENT: """
        allotment|allocation|regular budget allotment|allotted|appropriation
        allocation de crédits|crédits alloués|allocation budgétaire|asignación presupuestaria
        consignación|habilitación|выделение средств|ассигнование|ассигнования
        مخصصات|اعتماد|تخصيص الميزانية|拨款|预算拨款|批款""",
    Kind.PROGRAMME_SUPPORT: """
        programme support income|support income|psc income|programme support cost income
        recettes d'appui aux programmes|ingresos por apoyo a los programas
        поступления по линии поддержки программ|إيرادات دعم البرامج|方案支助收入""",
}  # fmt: skip

FUNDS: dict[str, str] = {
    "FNE": """
        general purpose|core|non earmarked|nonearmarked|unearmarked|un earmarked|untied|unrestricted
        foundation general purpose|foundation non earmarked|foundation unearmarked|gp|core funding
        core contribution|core contributions|core resources|voluntary un earmarked|voluntary core
        voluntary unearmarked|voluntary core un earmarked contributions|foundation nonearmarked
        regular resources|habitat foundation general purpose|voluntary untied
        ressources de base|fins générales|non préaffecté|non affecté|non réservé|à fins générales
        recursos básicos|fines generales|no asignado|no asignados|sin asignación específica
        recursos no asignados a fines específicos|no asignado a fines específicos
        общего назначения|нецелевые|нецелевые средства|основные ресурсы|средства общего назначения
        الموارد الأساسية|غير مخصص|غير مخصصة|الأغراض العامة|للأغراض العامة|موارد غير مخصصة
        أغراض عامة|لأغراض عامة
        核心|核心资源|非专用|普通用途|一般用途|非指定用途|普通用途资金|核心资金|非专用资金|核心捐款""",
    "EARMARKED": """
        fe tc|earmarked|non core|noncore|other resources|voluntary earmarked|restricted|tied
        earmarked contributions|voluntary non core|voluntary non core earmarked contributions
        non core resources|earmarked funding|fe and tc
        softly earmarked|tightly earmarked
        préaffecté|préaffectés|ressources préaffectées|affecté|réservé
        autres que les ressources de base|ressources autres que les ressources de base
        asignado|asignados|asignado a fines específicos|recursos complementarios|no básicos
        recursos asignados a fines específicos
        целевые|целевые средства|неосновные ресурсы|целевые взносы
        مخصص|مخصصة|الأموال المخصصة|موارد غير أساسية|موارد مخصصة
        专用|专用资金|非核心|非核心资源|指定用途""",
    "FE": """
        special purpose|foundation special purpose|foundation earmarked|sp|foundation special
        habitat foundation special purpose|fins spéciales|à fins spéciales|fines especiales
        para fines especiales|специального назначения|средства специального назначения
        الأغراض الخاصة|للأغراض الخاصة|أغراض خاصة|لأغراض خاصة
        特别用途|特定用途|特殊用途|特别用途资金""",
    "TC": """
        technical cooperation|technical co operation|tech coop|tc fund|technical assistance
        coopération technique|cooperación técnica|техническое сотрудничество
        التعاون التقني|التعاون الفني|技术合作""",
    "RB": """
        regular budget|assessed|assessed contributions|assessed contribution|un regular budget
        budget ordinaire|contributions mises en recouvrement|presupuesto ordinario|cuotas
        регулярный бюджет|начисленные взносы|الميزانية العادية|الأنصبة المقررة
        经常预算|分摊会费|摊款""",
    "PS": "psc|programme support cost|programme support costs|overhead",
    "OTHER": """
        other|other revenue|other income|revenue from other activities|autres produits|autres
        autres recettes|otros ingresos|otros|прочие поступления|прочее|إيرادات أخرى|أخرى
        其他收入|其他|其他活动收入""",
}  # fmt: skip
# A sum of funds is no fund: who wrote it has to say which one is meant.
NO_FUNDS = "total|voluntary|all|all funds|corporate|ensemble|total general|всего|المجموع|总计|合计"

EARMARKING: dict[str, str] = {
    "unearmarked": """
        1|un earmarked|non earmarked|nonearmarked|core|unrestricted|general purpose|untied
        non affecté|no asignado|нецелевой|нецелевые|غير مخصصة|不指定用途|非指定用途""",
    "softly_earmarked": """
        2|soft earmarked|softly|soft|lightly earmarked|soft earmarking|lightly|flexible
        préaffecté avec souplesse|asignado de forma flexible|гибко целевые|软性专用|软专用""",
    "earmarked": "3|restricted|affecté|asignado|целевой|целевые|مخصصة|指定用途",
    "tightly_earmarked": """
        4|tight earmarked|tightly|tight|strictly earmarked|tight earmarking|project specific
        strictement préaffecté|estrictamente asignado|жестко целевые|严格指定用途""",
}

CONTRIBUTOR_TYPES: dict[str, str] = {
    "C01": """
        governments|member state|member states|state|country|national government|donor government
        gouvernements|état membre|état|gobiernos|estado miembro|estado|правительства
        государство член|государство|الحكومة|الحكومات|دولة عضو|دولة|会员国|国家""",
    "C02": """
        ngo|non governmental organization|non governmental organisation|civil society|ong|нпо
        red cross red crescent|red cross|international ngo|national ngo|非政府组织""",
    "C03": "ppp|public private partnerships",
    "C04A": """
        ifi|ifis|international financial institution|international financial institutions
        multilateral international financial institutions|development bank""",
    "C04B": "global fund|global funds|multilateral global vertical funds|vertical fund",
    "C04C": """
        un agency|un|un entity|un organization|united nations|un system|un organisation|un agencies
        multilateral un organizations excluding pooled funds|multilateral un organizations
        nations unies|naciones unidas|оон|الأمم المتحدة|联合国""",
    "C04D": """
        pooled fund|pooled funds|un pooled fund|multilateral un inter agency pooled funds|mptf
        multi donor trust fund|multi partner trust fund|un pooled funds""",
    "C04E": """
        multilateral|inter governmental|intergovernmental|intergovernmental organization
        inter governmental organization|other multilateral""",
    "C05": """
        foundation|private organization foundation|philanthropy|philanthropic foundation|fondation
        fundación|фонд|مؤسسة خيرية""",
    "C06": """
        private|company|corporate|corporation|business|private company|private sector corporate
        entreprise|empresa|компания|شركة|公司|企业""",
    "C07": "university|universities|academia|academic institution|research institution",
    "C08A": "eu|other european commission|european commission|ue|ес",
    "C08B": "other|others|other contributor|other donors|autres|otros|прочие|أخرى|其他",
    "C09": "no donor|none|not attributed",
}
# Old wordings that leave the type open.
NO_TYPES = "non government legacy code|non government|unknown|not known|n a"

# Cells that say nothing.
NOTHING = (
    "n a|na|none|nil|not applicable|not available|unknown|tbd|tbc|s o|n d|нет|н д|无|不适用|لا يوجد"
)
