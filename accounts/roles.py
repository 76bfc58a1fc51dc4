"""The roles of domain.md §9. A role is a group; what each may do is the table in `backoffice.roles`."""

FRONT_DESK = "front_desk"
RESERVATIONS = "reservations"
FINANCE = "finance"
DOCTOR = "doctor"
MEDICAL_LEAD = "medical_lead"
CONTENT_EDITOR = "content_editor"
FACILITATOR = "facilitator"
MANAGER = "manager"
ADMIN = "admin"

ALL = (FRONT_DESK, RESERVATIONS, FINANCE, DOCTOR, MEDICAL_LEAD, CONTENT_EDITOR, FACILITATOR, MANAGER, ADMIN)
