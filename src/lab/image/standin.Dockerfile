# Stands in for images that cannot be pulled everywhere: node:20-slim, redis and dozzle. A real Node, npm and
# redis-server from Debian; Dozzle is a small program that answers on its port.
FROM debian:trixie-slim
RUN apt-get update && apt-get install -y --no-install-recommends ca-certificates nodejs redis-server \
 && rm -rf /var/lib/apt/lists/* && useradd --uid 1000 --create-home node
# As in the image it stands in for: no protected mode, and the append-only file in /data.
RUN printf '#!/bin/sh\nexec /usr/bin/redis-server "$@" --protected-mode no\n' >/usr/local/bin/redis-server \
 && chmod +x /usr/local/bin/redis-server
WORKDIR /data
COPY npm /usr/share/npm
COPY dozzle.mjs /usr/share/dozzle.mjs
COPY trust.pem /etc/ssl/trust.pem
RUN ln -s /usr/share/npm/bin/npm-cli.js /usr/bin/npm && ln -s /usr/share/npm/bin/npx-cli.js /usr/bin/npx \
 && cat /etc/ssl/trust.pem >> /etc/ssl/certs/ca-certificates.crt
ENV NODE_EXTRA_CA_CERTS=/etc/ssl/trust.pem npm_config_cafile=/etc/ssl/certs/ca-certificates.crt
