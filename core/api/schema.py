"""Schema generation: standardized errors in every operation."""

from drf_standardized_errors.openapi import AutoSchema


class PemaSchema(AutoSchema):
    """Tags by the first path segment below /api/v1; component names as our serializers are called."""

    def get_tags(self) -> list[str]:
        parts = [part for part in self.path.removeprefix("/api/v1/").split("/") if part]
        return [parts[0]] if parts else ["operations"]
