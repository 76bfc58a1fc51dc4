"""The named cast of `config.tests.cast` plays in all tests."""

pytest_plugins = [
    "config.tests.cast",
    "config.tests.privacy_cast",
    "config.tests.api_cast",
    "config.tests.town",
    "config.tests.browser",
    "config.tests.examples",
]
