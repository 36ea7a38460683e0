FROM python:3.11-slim-bookworm AS build
WORKDIR /src
COPY setup.cfg pyproject.toml constraints.txt README.md ./
COPY api api
COPY schemas schemas
RUN python -m venv /opt/crosscheck \
    && /opt/crosscheck/bin/pip install --no-cache-dir --constraint constraints.txt '.[postgresql]'

FROM python:3.11-slim-bookworm
RUN useradd --system --uid 10001 --home-dir /data --shell /usr/sbin/nologin crosscheck \
    && install --directory --owner crosscheck --group crosscheck /data
COPY --from=build /opt/crosscheck /opt/crosscheck
COPY fixtures /srv/fixtures
ENV PATH=/opt/crosscheck/bin:$PATH \
    PYTHONDONTWRITEBYTECODE=1 \
    DATABASE_URL=sqlite:////data/crosscheck.db \
    HOST=0.0.0.0 \
    PORT=8000
USER 10001
WORKDIR /data
VOLUME /data
EXPOSE 8000
HEALTHCHECK --interval=30s --timeout=3s --start-period=20s \
    CMD ["python", "-c", "import os, urllib.request; urllib.request.urlopen(f\"http://127.0.0.1:{os.environ['PORT']}/readyz\", timeout=2)"]
CMD ["crosscheck", "serve", "--migrate", "--load", "/srv/fixtures"]
