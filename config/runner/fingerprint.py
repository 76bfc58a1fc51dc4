"""Which database this is and what it holds, in one line; run by the virtual environment's Python.

Prints a mark of the server, the database and its applied migrations, or `empty` when the demo data is not there.
A wrong `empty` costs a few seconds of work done twice; a wrong mark would leave a demo without data.
"""

import os
import re
import sys

import psycopg

SERVER = "SELECT system_identifier FROM pg_control_system()"
DATABASE = "SELECT oid FROM pg_database WHERE datname = current_database()"
MIGRATIONS = "SELECT md5(string_agg(app || '.' || name, ',' ORDER BY app, name)) FROM django_migrations"
FILLED = "SELECT EXISTS (SELECT FROM rooms_room) AND EXISTS (SELECT FROM bookings_staybooking)"


def main() -> str:
    url = re.sub(r"^(postgis|psql|pgsql|postgres)://", "postgresql://", os.environ["DATABASE_URL"])
    try:
        connection = psycopg.connect(url, autocommit=True, connect_timeout=10)
    except psycopg.Error as error:
        sys.exit(f"The database of DATABASE_URL does not answer: {error}")
    with connection:
        try:
            rows = [connection.execute(question).fetchone() for question in (SERVER, DATABASE, MIGRATIONS)]
            filled = connection.execute(FILLED).fetchone()
        except psycopg.Error:
            return "empty"
    return ":".join(str(row[0]) for row in rows if row) if filled and filled[0] else "empty"


if __name__ == "__main__":
    print(main())
