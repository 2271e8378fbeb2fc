"""What headings call the portal's fields: six languages, ERPs, FTS, CEB, regional offices.

One line per language, phrases between bars, the most telling first. A phrase behind `?` is weaker:
it may mean something else, so that another column, or what stands in the column, decides.
"""

SYNONYMS: dict[str, str] = {
    "kind": """
        kind|kind of entry|entry type|record type|transaction type|type of transaction|status|stage
        contribution status|flow status|?type|?state
        nature|statut|type d'opération|?état|?type d’entrée
        tipo|estado|situación|tipo de operación|tipo de asiento
        вид|статус|состояние|тип операции|вид операции|?тип
        النوع|الحالة|نوع المعاملة|نوع القيد
        种类|状态|类型|交易类型|?类别""",
    "entity": """
        books|entity|un entity|un agency|un organization|reporting organization|business unit
        reporting agency|reporting entity|?agency|?company code|?organization|?organisation
        livres|entité|organisme|entité des nations unies|?agence|?organisation
        libros|entidad|organismo|entidad de las naciones unidas|?agencia|?organización
        книги|структура|учреждение|учреждение оон|структура оон|?организация
        الدفاتر|الكيان|كيان الأمم المتحدة|?الوكالة|?المنظمة
        账簿|账册|实体|联合国实体|联合国机构|?机构|?组织""",
    "donor": """
        donor|donor name|name of donor|name of the donor|contributor|contributor name|funder|payer
        src organization|source organization|funding agency|funding partner|funding source|grantor
        sponsor|sponsor name|donor government|donor country|received from|remitter|member state
        business partner name|customer name|provider organisation|contributing country|donor partner
        ?partner|?partner name|?organization|?organisation|?country|?government|?agency|?name
        ?business partner|?customer|?from
        donateur|nom du donateur|bailleur|bailleur de fonds|contributeur|organisme donateur
        pays donateur|partenaire financier|état membre|contribuant|?pays|?partenaire|?organisation
        donante|nombre del donante|contribuyente|aportante|país donante|organismo donante
        entidad donante|financiador|estado miembro|?país|?socio|?organización|?asociado
        донор|наименование донора|название донора|страна-донор|плательщик|вкладчик|государство-член
        учреждение-донор|?страна|?партнер|?организация
        الجهة المانحة|المانح|المتبرع|المساهم|الدولة المانحة|اسم المانح|اسم الجهة المانحة
        البلد المانح|الدولة العضو|?البلد|?الدولة|?الشريك|?المنظمة
        捐助方|捐助者|捐款方|捐赠方|捐助国|捐款国|捐赠国|捐助方名称|捐助机构|供资方|出资方|捐赠者|会员国|付款方
        ?国家|?合作伙伴|?组织|?国别""",
    "donor_code": """
        code of the donor|donor code|donor id|donor number|contributor code|sponsor id|sponsor code
        business partner|business partner number|business partner no|bp|bp number|bp no|customer
        customer number|customer code|customer no|sponsor number|src organization id|donor no
        code du donateur|code donateur|numéro du donateur|identifiant du donateur
        código del donante|código de donante|número del donante
        код донора|номер донора
        رمز الجهة المانحة|رمز المانح|رقم المانح|رقم الجهة المانحة
        捐助方代码|捐助方编号|捐助方编码|捐款方代码|业务伙伴""",
    "iso3": """
        iso code of the donor's country|iso3|iso 3|iso|iso code|iso3 code|country iso|country iso3
        iso alpha 3|alpha 3 code|iso country code|donor iso3|country code|donor country code
        code iso|code iso du pays|code pays|code du pays|code iso du pays du donateur
        código iso|código de país|código del país|código iso del país
        код исо|код страны|код страны исо
        رمز البلد|رمز الدولة|رمز آيزو
        国家代码|国别代码|国家地区代码""",
    "contributor_type": """
        contributor type|donor type|type of donor|type of contributor|donor category|donor kind
        contributor category|src organization types|source organization type|ceb contributor type
        partner type|donor group|?organization type|?ceb contributor code|?organisation type
        type de donateur|catégorie de donateur|type de contributeur|catégorie de contributeurs
        tipo de donante|tipo de contribuyente|categoría de donante|categoría del donante
        тип донора|категория донора|вид донора|тип вкладчика|категория вкладчика
        نوع الجهة المانحة|فئة الجهة المانحة|نوع المانح|فئة المانح|نوع المساهم|فئة المساهم
        捐助方类型|捐助方类别|捐助者类型|捐助者类别|捐款方类型|捐助方种类""",
    "channel": """
        channel|passed on by|through|channelled through|channeled through|intermediary|fiscal agent
        administrative agent|pass through entity|via|managing agent
        canal|intermédiaire|par l'intermédiaire de|agent d'administration
        intermediario|a través de|agente administrativo
        канал|посредник|через
        القناة|الوسيط|عن طريق
        渠道|中间方|中间机构|经由""",
    "fund": """
        fund|fund name|fund type|type of fund|fund code|funding type|type of funding|fund category
        fund group|income category|trust fund|funding window|core non core|core or non core
        resource type|type of resources|type of income|fund or type|funding category|fund of the erp
        ?revenue type|?ceb revenue type|?income type|?contribution type|?type of contribution
        ?type of revenue|?category
        fonds|type de fonds|nom du fonds|catégorie de fonds|type de ressources|type de financement
        ?type de contribution|?type de recettes|?catégorie
        fondo|tipo de fondo|nombre del fondo|clase de fondo|tipo de recursos|tipo de financiación
        ?tipo de contribución|?tipo de ingreso|?categoría
        фонд|вид средств|тип фонда|вид ресурсов|тип средств|название фонда|?вид взноса|?категория
        الصندوق|نوع الصندوق|نوع الموارد|نوع التمويل|اسم الصندوق|?نوع المساهمة|?الفئة
        基金|资金类型|基金类型|基金类别|资金类别|基金名称|资金性质|资源类型|?捐款类型|?收入类型|?类别""",
    "instrument": """
        financing instrument|instrument|ceb code|ceb revenue code|grant financing instrument
        funding instrument|revenue code|instrument code|un grant instrument|?ceb revenue type
        instrument de financement|modalité de financement
        instrumento de financiación|instrumento de financiamiento|modalidad de financiación
        инструмент финансирования|финансовый инструмент|механизм финансирования
        أداة التمويل|أداة تمويل|أداة تمويل المنح
        供资工具|融资工具|筹资工具|供资手段|融资手段""",
    "earmarking": """
        earmarking|earmarking modality|earmarking type|degree of earmarking|earmarking level
        level of earmarking|earmarked|type of earmarking|restriction
        préaffectation|affectation|degré d'affectation|degré de préaffectation|fléchage
        asignación a fines específicos|asignación|grado de asignación
        целевое назначение|степень целевого назначения|целевой характер
        التخصيص|درجة التخصيص|مستوى التخصيص
        专用程度|指定用途|用途限定|专用性|专用情况|指定用途程度""",
    "programme": """
        programme|program|flagship programme|sponsored programme|sponsored program|programme name
        programme|programme phare|programme parrainé
        programa|programa emblemático
        программа|флагманская программа
        البرنامج|البرنامج الرئيسي
        方案|旗舰方案|方案名称|计划""",
    "region": """
        region|un habitat region|unhabitat region|regional office|geographic region
        geographical region|reporting region
        région|bureau régional|région géographique
        región|oficina regional|región geográfica
        регион|региональное отделение
        المنطقة|الإقليم|المكتب الإقليمي
        区域|地区|区域办事处""",
    "area": """
        country or area|country office|recipient country|country of implementation|location
        implementing country|programme country|dest locations|destination country
        beneficiary country|destination location|country of operation|project country|?country
        pays ou territoire|pays ou zone|pays bénéficiaire|bureau de pays|pays de mise en œuvre
        lieu|?pays
        país o zona|país o territorio|país beneficiario|oficina en el país|oficina de país
        país de ejecución|lugar|?país
        страна или район|страна или территория|страна-получатель|страновое отделение
        страна реализации|местоположение|?страна
        البلد أو المنطقة|البلد المستفيد|المكتب القطري|بلد التنفيذ|الموقع|?البلد
        国家或地区|受援国|国家办事处|受益国|执行国|方案国|地点|?国家""",
}
