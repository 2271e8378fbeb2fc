"""The tag that writes a donor's name as its reader may know it."""

from django import template
from django.template import RequestContext
from django.utils.safestring import SafeString

from donors.models import Donor
from donors.naming import knows_unnamed, shown_name
from interface.names import shown

register = template.Library()


@register.simple_tag(takes_context=True)
def donor_name(context: RequestContext, donor: Donor) -> SafeString:
    """The name, or that the donor wishes to stay unnamed; never a link."""
    user = context["request"].user
    knows = user.is_authenticated and knows_unnamed(user)
    return shown(shown_name(donor, knows=knows))
