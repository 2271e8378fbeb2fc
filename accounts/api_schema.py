"""What the schema of the API tells of who may ask; imported once, when the portal starts."""

from drf_spectacular.extensions import OpenApiAuthenticationExtension


class KeyInSchema(OpenApiAuthenticationExtension):
    """How the schema tells of keys."""

    target_class = "accounts.api_authentication.ByKey"
    name = "apiKey"

    def get_security_definition(self, auto_schema: object) -> dict[str, str]:
        return {"type": "http", "scheme": "bearer", "description": "A personal API key: hpk_…"}


class NobodyInSchema(OpenApiAuthenticationExtension):
    """Nothing to tell of who is nobody."""

    target_class = "accounts.api_authentication.SignedOut"
    name: list[str] = []

    def get_security_requirement(self, auto_schema: object) -> list[dict[str, list[str]]]:
        return []

    def get_security_definition(self, auto_schema: object) -> list[dict[str, str]]:
        return []
