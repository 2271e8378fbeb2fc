"""Where one can go: sections with their pages, as far as a person's role opens them."""

from dataclasses import dataclass

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.permissions import Permission

P = Permission


@dataclass(frozen=True)
class Page:
    """A page of the navigation: its label, the name of its address, the permission it needs."""

    label: str | Promise
    name: str
    permission: str


@dataclass(frozen=True)
class Section:
    """Pages of one subject; `also` begins the names of addresses that belong to it unlisted."""

    label: str | Promise
    pages: tuple[Page, ...]
    also: tuple[str, ...] = ()


SECTIONS = (
    Section(
        _("Home"),
        (
            Page(_("Home"), "home", P.ENTER_INCOME),
            Page(_("Calendar"), "calendar", P.ENTER_INCOME),
        ),
        ("worklist", "my_settings"),
    ),
    Section(
        _("Income"),
        (
            Page(_("Contributions"), "contribution_list", P.VIEW_DONORS),
            Page(_("Prospects"), "prospect_list", P.VIEW_BANK_DATA),
            Page(_("Unidentified money"), "parked_list", P.ENTER_INCOME),
            Page(_("Reviews"), "draft_list", P.ENTER_INCOME),
            Page(_("Imports"), "import_list", P.ENTER_INCOME),
            Page(_("Reports owed"), "report_list", P.VIEW_DONORS),
            Page(_("ERP"), "erp_list", P.VIEW_BANK_DATA),
            Page(_("Months"), "month_list", P.VIEW_BANK_DATA),
        ),
        (
            "contribution", "prospect", "amendment", "extension", "cancellation", "write_off",
            "condition", "receipt", "gift", "online", "return", "transfer", "parked", "finance",
            "draft", "posting", "reversal", "correction", "month", "erp", "report", "clause",
            "import",
        ),
    ),
    Section(
        _("Donors"),
        (
            Page(_("Donors"), "donor_list", P.VIEW_DONORS),
            Page(_("Campaigns"), "campaign_list", P.VIEW_BANK_DATA),
            Page(_("Questions"), "question_list", P.EDIT_DONORS),
            Page(_("Invitations"), "invitation_list", P.INVITE_REPRESENTATIVES),
            Page(_("Orders of reports"), "bulk_list", P.ORDER_REPORTS),
        ),
        (
            "donor", "contact", "engagement", "document", "clearance", "campaign", "approach",
            "letter", "statement", "question", "invitation", "bulk", "sealed",
        ),
    ),
    Section(
        _("Figures"),
        (
            Page(_("Dashboard"), "dashboard", P.VIEW_BOARD),
            Page(_("Monthly updates"), "update_list", P.VIEW_BOARD),
            Page(_("Publications"), "publication_list", P.VIEW_BOARD),
            Page(_("Three bases"), "bases", P.VIEW_BOARD),
            Page(_("Outstanding"), "outstanding", P.VIEW_BOARD),
            Page(_("What changed"), "restatement", P.VIEW_BOARD),
            Page(_("History"), "history", P.VIEW_BOARD),
            Page(_("Targets"), "target_list", P.VIEW_BOARD),
            Page(_("Published figures"), "published_list", P.VIEW_BOARD),
            Page(_("Scorecard"), "indicator_list", P.VIEW_BOARD),
            Page(_("Funding dialogue"), "dialogue", P.VIEW_BOARD),
            Page(_("Exchange rates"), "rate_list", P.VIEW_BANK_DATA),
        ),
        (
            "entry", "rate", "update", "publication", "indicator", "measurement", "economy",
            "proposal", "dialogue", "expenditure",
        ),
    ),
    Section(
        _("Administration"),
        (
            Page(_("Accounts"), "account_list", P.MANAGE_ACCOUNTS),
            Page(_("Representatives"), "representation_list", P.MANAGE_ACCOUNTS),
            Page(_("Outgoing mail"), "outgoing_mail", P.MANAGE_ACCOUNTS),
            Page(_("What is waiting"), "worklist", P.MANAGE_ACCOUNTS),
            Page(_("Audit trail"), "audit_list", P.VIEW_AUDIT),
            Page(_("Data protection"), "person_list", P.PROTECT_DATA),
            Page(_("Who sees what"), "visibility", P.SET_VISIBILITY),
        ),
        ("account", "representation", "verify", "audit", "person", "visibility"),
    ),
    Section(
        _("Our contributions"),
        (Page(_("Our contributions"), "my_donor", P.VIEW_OWN_DONORS),),
        ("donor", "contribution", "statement", "entry", "question", "sealed"),
    ),
)  # fmt: skip


@dataclass(frozen=True)
class Place:
    """One entry of the main navigation, with its own pages where it is the section one is in."""

    label: str
    url: str
    current: str  # the value of aria-current; empty elsewhere
    pages: tuple["Place", ...] = ()


def navigation(user: User, here: str) -> tuple[Place, ...]:
    """The sections open to the person; `here` is the name of the page's address.

    Whoever sees one section alone gets its pages at once.
    """
    opened = [(section, _open(section, user)) for section in SECTIONS]
    opened = [(section, pages) for section, pages in opened if pages]
    if len(opened) == 1:
        return tuple(_place(page, here) for page in opened[0][1])
    current = _section_of(here, [section for section, _pages in opened])
    return tuple(_section(section, pages, current, here) for section, pages in opened)


def _open(section: Section, user: User) -> list[Page]:
    return [page for page in section.pages if user.may(page.permission)]


def _place(page: Page, here: str) -> Place:
    return Place(str(page.label), reverse(page.name), "page" if page.name == here else "")


def _section(section: Section, pages: list[Page], current: Section | None, here: str) -> Place:
    is_here = section is current
    within = tuple(_place(page, here) for page in pages) if len(pages) > 1 and is_here else ()
    mark = ("page" if pages[0].name == here and len(pages) == 1 else "true") if is_here else ""
    return Place(str(section.label), reverse(pages[0].name), mark, within)


def _section_of(here: str, sections: list[Section]) -> Section | None:
    for section in sections:
        if any(page.name == here for page in section.pages):
            return section
    return next((one for one in sections if one.also and here.startswith(one.also)), None)
