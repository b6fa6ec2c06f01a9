# The reference product. Its final stages only copy, so that no other platform needs to be emulated.
FROM --platform=$BUILDPLATFORM node:20-slim AS build
WORKDIR /app
COPY app/package.json app/package-lock.json ./
RUN npm ci --ignore-scripts
COPY app/tsconfig.json ./
COPY app/src ./src
RUN npm run build

FROM node:20-slim AS runtime
WORKDIR /app
COPY --from=build /app/package.json ./
COPY --from=build /app/dist ./dist
ARG VERSION=dev
ARG FAULT=
ENV NODE_ENV=production APP_VERSION=$VERSION APP_FAULT=$FAULT
USER 1000:1000

FROM runtime AS api
EXPOSE 8000
CMD ["node", "dist/api.js"]

FROM runtime AS worker
EXPOSE 6060
CMD ["node", "dist/worker.js"]

FROM runtime AS admin
EXPOSE 3000
CMD ["node", "dist/admin.js"]

# Waggle itself, with all that it builds and deploys with: `npm run image` makes it.
FROM debian:trixie-slim AS waggle
# A project that is mounted belongs to whoever mounted it.
RUN apt-get update \
 && apt-get install -y --no-install-recommends ca-certificates docker-buildx docker-cli git nodejs openssh-client \
 && rm -rf /var/lib/apt/lists/* \
 && git config --system --add safe.directory '*' \
 && useradd --uid 1000 --create-home waggle \
 && ln -s /opt/waggle/dist/main.cjs /usr/local/bin/waggle
COPY package.json LICENSE /opt/waggle/
COPY dist /opt/waggle/dist
USER 1000:1000
WORKDIR /project
ENTRYPOINT ["waggle"]
