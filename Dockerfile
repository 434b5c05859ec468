# The bot in an image: no compiler, no pip run at start, no root, nothing written outside /data.
# The base is pinned by version. Whoever wants the same bytes for ever adds the digest that
# `docker pull` shows for it; it could not be looked up where this was written.
FROM python:3.13.7-slim-bookworm AS base
# With these f3d draws without a screen or a graphics card.
RUN apt-get update && apt-get install -y --no-install-recommends libegl1 libgl1 && rm -rf /var/lib/apt/lists/*

# The 3D view of the site and what packs models, as npm packages.
FROM node:22.20.0-bookworm-slim AS view
WORKDIR /source
COPY package.json package-lock.json ./
COPY docker/install.sh docker/
RUN docker/install.sh view /srv/maquette

FROM base AS build
WORKDIR /source
COPY requirements-preview.txt ./
COPY docker/install.sh docker/
RUN docker/install.sh packages /srv/maquette
COPY . .
RUN docker/install.sh program /srv/maquette
RUN docker/install.sh lights /srv/maquette

FROM base
# gltfpack runs in Node.
COPY --from=view /usr/local/bin/node /usr/local/bin/node
COPY --from=view /srv/maquette /srv/maquette
COPY --from=build /srv/maquette /srv/maquette
# The only place that the bot writes to; a new volume takes its owner from here.
COPY --from=build --chown=10001:10001 /srv/maquette/data /data
WORKDIR /srv/maquette
ENV PATH=/srv/maquette/venv/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    PYTHONDONTWRITEBYTECODE=1 \
    DATA_DIR=/data \
    WEB_HOST=0.0.0.0 \
    WEB_PORT=8080 \
    LOG_FORMAT=json
USER 10001:10001
VOLUME /data
EXPOSE 8080
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=30s --timeout=15s --start-period=60s --retries=3 CMD ["python", "-m", "bot", "health"]
ENTRYPOINT ["python", "-m", "bot"]
CMD ["run"]
