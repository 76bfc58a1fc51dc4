"""How the API's schema is written and shown."""

OPENAPI = {
    "TITLE": "Pema Wellness API",
    "VERSION": "1.0.0",
    "SERVE_INCLUDE_SCHEMA": False,
    "SCHEMA_PATH_PREFIX": "/api/v1",
    "COMPONENT_SPLIT_REQUEST": True,
    "SWAGGER_UI_DIST": "SIDECAR",
    "SWAGGER_UI_FAVICON_HREF": "SIDECAR",
    "REDOC_DIST": "SIDECAR",
    "POSTPROCESSING_HOOKS": [
        "drf_spectacular.hooks.postprocess_schema_enums",
        "core.api.exchange.complete",
    ],
    "ENUM_NAME_OVERRIDES": {
        "AlternativeKind": ["dates", "room_type"],
        "BookingStatus": "bookings.states.State",
        "Clearance": "bookings.states.Clearance",
        "FavouriteKind": ["program", "room_type"],
        "FormStatus": "medical.models.form.MedicalForm.State",
        "RefundState": "payments.models.refund.Refund.State",
        "ReviewStatus": "bookings.models.review.GuestReview.State",
    },
}
