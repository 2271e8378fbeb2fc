"""The portal's own icons: strokes on a grid of 20 by 20."""

from functools import cache

from django.utils.html import format_html
from django.utils.safestring import SafeString

# Arrows that point along the line turn round where reading does.
DIRECTIONAL = frozenset({"forward", "back", "sign-out"})

STROKES: dict[str, str] = {
    "add": "M10 4v12M4 10h12",
    "back": "M12 5l-5 5 5 5",
    "calendar": "M3 5h14v12H3zM3 9h14M7 3v4M13 3v4",
    "chart": "M3 17h14M5 17v-5M10 17V4M15 17V9",
    "check": "M4 10.5l4 4 8-9",
    "clock": "M10 3a7 7 0 1 0 .01 0zM10 6v4l3 2",
    "close": "M5 5l10 10M15 5L5 15",
    "document": "M5 2.5h7l3 3v12H5zM12 2.5v3h3M8 10h4M8 13h4",
    "download": "M10 3v9M6 8.5l4 4 4-4M3 16.5h14",
    "edit": "M4 16l.8-3.4L13.5 4 16 6.5 7.4 15.200z",
    "filter": "M3 5h14M6 10h8M8.5 15h3",
    "forward": "M8 5l5 5-5 5",
    "globe": "M10 3a7 7 0 1 0 .01 0zM3 10h14M10 3c-4 4-4 10 0 14M10 3c4 4 4 10 0 14",
    "information": "M10 3a7 7 0 1 0 .01 0zM10 9v5M10 6v.5",
    "link": "M8 12l4-4M9 6l2-2a3 3 0 0 1 5 4l-3 3M11 14l-2 2a3 3 0 0 1-5-4l3-3",
    "lock": "M4 9h12v8H4zM7 9V6a3 3 0 0 1 6 0v3",
    "menu": "M3 5.500h14M3 10h14M3 14.500h14",
    "print": "M6 7V3h8v4M6 14H3V7h14v7h-3M6 12h8v5H6z",
    "search": "M9 3.500a5.5 5.5 0 1 0 .01 0zM13 13l4 4",
    "sign-out": "M8 3H4v14h4M8 10h9M13 6l4 4-4 4",
    "table": "M3 4h14v12H3zM3 8h14M3 12h14M9 4v12",
    "undo": "M7 4L3 8l4 4M3 8h9a4 4 0 0 1 0 8H8",
    "upload": "M10 13V4M6 7.500L10 3.500l4 4M3 16.500h14",
    "user": "M10 3a3.5 3.5 0 1 0 .01 0zM3.5 17c.5-8 12.5-8 13 0",
    "warning": "M10 3l7.5 13.500h-15zM10 8v4M10 14v.5",
}


@cache
def drawn(name: str) -> SafeString:
    """The icon as an SVG element, hidden from readers. Raises KeyError without such an icon."""
    directional = " icon-directional" if name in DIRECTIONAL else ""
    return format_html(
        '<svg class="icon{}" viewBox="0 0 20 20" width="20" height="20" aria-hidden="true" '
        'focusable="false"><path d="{}"/></svg>',
        directional,
        STROKES[name],
    )
