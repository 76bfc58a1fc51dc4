"""What beat rings, and how often (seconds, or a time of day at the property). Rows promise; this only wakes."""

from typing import Any

from celery.schedules import crontab

TIMETABLE: dict[str, dict[str, Any]] = {
    "sweep promises": {"task": "core.tasks.sweep", "schedule": 15, "options": {"expires": 15}},
    "booking clocks": {"task": "bookings.tasks.run_clocks", "schedule": 300, "options": {"expires": 300}},
    "medical clocks": {"task": "medical.tasks.run_clocks", "schedule": 300, "options": {"expires": 300}},
    "demand": {"task": "bookings.tasks.count_demand", "schedule": 3600, "options": {"expires": 3600}},
    "inventory horizon": {"task": "rooms.tasks.extend_horizon", "schedule": 6 * 3600},
    "holds": {"task": "accounts.tasks.release_holds", "schedule": crontab(hour=3, minute=10)},
    "retention": {"task": "accounts.tasks.apply_retention", "schedule": crontab(hour=3, minute=25)},
    "card numbers": {"task": "accounts.tasks.look_for_cards", "schedule": crontab(hour=3, minute=40)},
    "sign-in housekeeping": {"task": "accounts.tasks.forget_old_codes", "schedule": 3600},
    "expired sessions": {"task": "accounts.tasks.forget_expired_sessions", "schedule": 3600},
}
SIMULATOR = {
    "payu simulator": {"task": "payments.simulator.tasks.tick", "schedule": 5, "options": {"expires": 5}},
}
