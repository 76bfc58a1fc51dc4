"""The table of sign-in counters, and allauth's e-mail addresses as a mirror of the people's own (docs/adr/0010)."""

from django.db import migrations

CACHE = """
CREATE TABLE accounts_cache (
    cache_key varchar(255) NOT NULL PRIMARY KEY,
    value text NOT NULL,
    expires timestamp with time zone NOT NULL
);
CREATE INDEX accounts_cache_expires ON accounts_cache (expires);
"""

MIRROR = """
CREATE FUNCTION accounts_mirror_email() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE account_emailaddress
        SET email = lower(NEW.email), verified = NEW.email_verified_at IS NOT NULL, "primary" = true
        WHERE user_id = NEW.id;
    IF NOT FOUND THEN
        INSERT INTO account_emailaddress (user_id, email, verified, "primary")
            VALUES (NEW.id, lower(NEW.email), NEW.email_verified_at IS NOT NULL, true);
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER accounts_user_mirror_email AFTER INSERT OR UPDATE OF email, email_verified_at ON accounts_user
    FOR EACH ROW EXECUTE FUNCTION accounts_mirror_email();
INSERT INTO account_emailaddress (user_id, email, verified, "primary")
    SELECT id, lower(email), email_verified_at IS NOT NULL, true FROM accounts_user;
"""


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0005_companions_and_devices"),
        ("account", "0009_emailaddress_unique_primary_email"),
    ]

    operations = [
        migrations.RunSQL(CACHE, "DROP TABLE accounts_cache;"),
        migrations.RunSQL(
            MIRROR,
            "DROP TRIGGER accounts_user_mirror_email ON accounts_user; DROP FUNCTION accounts_mirror_email();"
            "DELETE FROM account_emailconfirmation; DELETE FROM account_emailaddress;",  # the mirror, written anew above
        ),
    ]
