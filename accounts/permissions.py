"""Who may do what: the one enumeration of permissions, and the roles as sets of them."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Permission:
    """Plain strings; every check in the portal names one of these."""

    VIEW_BOARD = "view_board"  # dashboards, targets, published figures, history
    VIEW_ENTRIES = "view_entries"  # entries of income, with their donor
    # The rest of the books: pledges and what is due, bank references and charges, who acted.
    VIEW_BANK_DATA = "view_bank_data"
    VIEW_DONORS = "view_donors"  # every donor's page
    VIEW_OWN_DONORS = "view_own_donors"  # the donors one represents
    EDIT_DONORS = "edit_donors"
    CLEAR_DONORS = "clear_donors"  # decide the due diligence that another person asked for
    ENTER_INCOME = "enter_income"  # write and submit drafts
    REVIEW_INCOME = "review_income"  # post or return another person's draft
    CLOSE_MONTHS = "close_months"
    MANAGE_RATES = "manage_rates"  # enter exchange rates; correct one that another person asked for
    # Enter target sets, measurements, economy lists, expenditure and what a funding dialogue tells.
    ENTER_TARGETS = "enter_targets"
    APPROVE_TARGETS = "approve_targets"  # decide what another person entered of these
    PREPARE_UPDATES = "prepare_updates"  # have a monthly update made
    PUBLISH_UPDATES = "publish_updates"  # publish what another person had made
    INVITE_REPRESENTATIVES = "invite_representatives"  # ask a donor's people to sign in
    VIEW_AS_DONOR = "view_as_donor"  # look at a donor's own page as the donor sees it
    ORDER_REPORTS = "order_reports"  # have reports of many donors made at once
    SET_VISIBILITY = "set_visibility"  # decide which public pages are open, and for which blocks
    MANAGE_ACCOUNTS = "manage_accounts"
    VIEW_AUDIT = "view_audit"
    PROTECT_DATA = "protect_data"  # list, take and erase the personal data of a person


class Role(models.TextChoices):
    OFFICER = "officer", _("Partnerships officer")
    REVIEWER = "reviewer", _("Finance reviewer")
    BOARD = "board", _("Executive Board member")
    REPRESENTATIVE = "representative", _("Donor representative")
    ADMINISTRATOR = "administrator", _("Administrator")


P = Permission
PERMISSIONS_OF: dict[str, frozenset[str]] = {
    Role.OFFICER: frozenset(
        {
            P.VIEW_BOARD,
            P.VIEW_ENTRIES,
            P.VIEW_BANK_DATA,
            P.VIEW_DONORS,
            P.EDIT_DONORS,
            P.ENTER_INCOME,
            P.ENTER_TARGETS,
            P.PREPARE_UPDATES,
            P.INVITE_REPRESENTATIVES,
            P.VIEW_AS_DONOR,
            P.ORDER_REPORTS,
        }
    ),
    Role.REVIEWER: frozenset(
        {
            P.VIEW_BOARD,
            P.VIEW_ENTRIES,
            P.VIEW_BANK_DATA,
            P.VIEW_DONORS,
            P.ENTER_INCOME,
            P.CLEAR_DONORS,
            P.REVIEW_INCOME,
            P.CLOSE_MONTHS,
            P.MANAGE_RATES,
            P.ENTER_TARGETS,
            P.APPROVE_TARGETS,
            P.PREPARE_UPDATES,
            P.PUBLISH_UPDATES,
        }
    ),
    Role.BOARD: frozenset({P.VIEW_BOARD, P.VIEW_ENTRIES}),
    Role.REPRESENTATIVE: frozenset({P.VIEW_OWN_DONORS}),
    Role.ADMINISTRATOR: frozenset(
        {
            P.VIEW_BOARD,
            P.VIEW_ENTRIES,
            P.VIEW_BANK_DATA,
            P.VIEW_DONORS,
            P.SET_VISIBILITY,
            P.MANAGE_ACCOUNTS,
            P.MANAGE_RATES,
            P.VIEW_AUDIT,
            P.PROTECT_DATA,
        }
    ),
}
