"""Names as files write them, and which donors of the reference data they are.

Spelling of OCHA FTS (flows of 2020) and of the UN CEB (revenue by contributor, 2010-2023).
"""

import pytest

from income.imports.choices import Choices
from income.imports.naming.donors import KNOWN, UNKNOWN, DonorBook

pytestmark = pytest.mark.django_db

OF_FTS = [
    ("Australia, Government of", "AUS"), ("Austria, Government of", "AUT"),
    ("Belgium, Government of", "BEL"), ("Canada, Government of", "CAN"),
    ("China, Government of", "CHN"), ("Cyprus, Government of", "CYP"),
    ("Czech Republic, Government of", "CZE"), ("Denmark, Government of", "DNK"),
    ("Estonia, Government of", "EST"), ("Finland, Government of", "FIN"),
    ("France, Government of", "FRA"), ("Germany, Government of", "DEU"),
    ("Korea, Republic of, Government of", "KOR"), ("Kuwait, Government of", "KWT"),
    ("Netherlands, Government of", "NLD"), ("Russian Federation, Government of", "RUS"),
    ("Saudi Arabia (Kingdom of), Government of", "SAU"), ("Turkey, Government of", "TUR"),
    ("United Arab Emirates, Government of", "ARE"), ("United Kingdom, Government of", "GBR"),
    ("United States of America, Government of", "USA"), ("European Commission", "EU"),
    ("Bill and Melinda Gates Foundation", "GATES_FOUNDATION"), ("Qatar Charity", "QATAR_CHARITY"),
]  # fmt: skip
OF_THE_CEB = [
    ("Bolivia, Plurinational State of", "BOL", "BOL"), ("Bahamas", "BHS", "BHS"),
    ("Côte D'Ivoire", "CIV", "CIV"), ("Congo", "COG", "COG"), ("Cabo Verde", "CPV", "CPV"),
    ("Democratic People's Republic of Korea", "PRK", "PRK"), ("Holy See", "VAT", "VAT"),
    ("Democratic Republic of the Congo", "COD", "COD"), ("Eswatini", "SWZ", "SWZ"),
    ("Iran, Islamic Republic of", "IRN", "IRN"), ("Niger", "NER", "NER"),
    ("Lao People's Democratic Republic", "LAO", "LAO"), ("Nigeria", "NGA", "NGA"),
    ("Micronesia, Federated States of", "FSM", "FSM"), ("Türkiye", "TUR", "TUR"),
    ("Republic of Korea", "KOR", "KOR"), ("Sao Tome and Principe", "STP", "STP"),
    ("State of Palestine", "PSE", "PSE"), ("Timor-Leste", "TLS", "TLS"),
    ("United Kingdom of Great Britain and Northern Ireland", "GBR", "GBR"),
    ("Venezuela, Bolivarian Republic of", "VEN", "VEN"), ("Viet Nam", "VNM", "VNM"),
    ("European Union", "", "EU"), ("Kosovo", "", "KOSOVO"), ("World Bank Group", "", "WORLD_BANK"),
    ("The World Bank Group", "", "WORLD_BANK"), ("Multi Donor trust funds", "", "MDTF"),
    ("UN OCHA", "", "UN_OCHA"), ("UNDP Administered Trust Funds", "", "UNDP_TRUST_FUNDS"),
    ("United Nations Secretariat Office for the Coordination of Humanitarian Affairs", "",
     "UN_OCHA"),
]  # fmt: skip
NOBODY = [
    ("Germany - Federal Foreign Office", "DEU"), ("UNICEF National Committee/Norway", ""),
    ("UNICEF National Committee/Korea (Republic of)", ""), ("Spanish Agency for International "
     "Development Cooperation (AECID)", "ESP"), ("Hong Kong SAR", "HKG"), ("Aruba", "ABW"),
    ("Swiss Solidarity", "CHE"), ("Jersey Overseas Aid", ""), ("Private donor", ""),
    ("Syrian Arab Republic Humanitarian Fund", "SYR"), ("Government of Flanders", "BEL"),
]  # fmt: skip


@pytest.fixture
def book(reference):
    return DonorBook(Choices())


@pytest.mark.parametrize(("text", "code"), OF_FTS)
def test_names_of_the_financial_tracking_service(book, text, code):
    found = book.find(text)
    assert (found.code, found.status) == (code, KNOWN)


@pytest.mark.parametrize(("text", "iso3", "code"), OF_THE_CEB)
def test_names_of_the_chief_executives_board(book, text, iso3, code):
    found = book.find(text, iso3=iso3)
    assert (found.code, found.status) == (code, KNOWN)
    assert book.find(text) == found


@pytest.mark.parametrize(("text", "iso3"), NOBODY)
def test_names_that_only_resemble_or_belong_to_a_country_are_nobodys(book, text, iso3):
    found = book.find(text, iso3=iso3)
    assert (found.pk, found.status) == (None, UNKNOWN)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("Government of Canada", "CAN"), ("Gouvernement du Canada", "CAN"),
        ("Gobierno de España", "ESP"), ("Правительство Канады", "CAN"), ("حكومة كندا", "CAN"),
        ("加拿大政府", "CAN"), ("Royaume de Suède", ""), ("Suède", "SWE"), ("السويد", "SWE"),
        ("Правительство Соединенных Штатов Америки", "USA"), ("瑞典", "SWE"),
        ("Government of the Kingdom of Sweden", "SWE"), ("The Netherlands", "NLD"),
        ("Правительство Нигера", ""), ("SWE", "SWE"), ("swe", ""), ("SE", ""), ("NO", ""),
        ("KfW", "KFW"), ("Kreditanstalt für Wiederaufbau", "KFW"), ("KREDITANSTALT FUR "
         "WIEDERAUFBAU", "KFW"), ("\u200eSweden\u200f", "SWE"), ("  sweden ", "SWE"),
    ],
)  # fmt: skip
def test_names_in_six_languages(book, text, code):
    assert book.find(text).code == code
