"""Settings of the API: who is let in and how fast, and what its description tells."""

REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": [
        "accounts.api_authentication.ByKey",
        "rest_framework.authentication.SessionAuthentication",
        "accounts.api_authentication.SignedOut",
    ],
    "DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.IsAuthenticated"],
    # The browsable pages need inline scripts that the Content-Security-Policy forbids.
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_SCHEMA_CLASS": "interface.api.schema.PortalSchema",
    "DEFAULT_PARSER_CLASSES": ["interface.json_sent.SmallJSON"],
    "DEFAULT_THROTTLE_CLASSES": ["accounts.throttles.PerPerson"],
    "EXCEPTION_HANDLER": "interface.problems.answer",
    "COERCE_DECIMAL_TO_STRING": True,
    "UNAUTHENTICATED_USER": None,
}
SPECTACULAR_SETTINGS = {
    "TITLE": "Habitat Portal API",
    "DESCRIPTION": "Resource mobilization of UN-Habitat: donors, contributions, ledger, figures.",
    "VERSION": "1.0.0",
    "OAS_VERSION": "3.1.0",
    "SERVE_INCLUDE_SCHEMA": False,
    "SCHEMA_PATH_PREFIX": "/api/v1/",
    "POSTPROCESSING_HOOKS": ["interface.api.schema.with_examples"],
    "ENUM_GENERATE_CHOICE_DESCRIPTION": False,
}
