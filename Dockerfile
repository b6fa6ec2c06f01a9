# The reference product. Its final stages only copy, so that no other platform needs to be emulated.
FROM --platform=$BUILDPLATFORM node:20-slim AS build
WORKDIR /app
COPY app/package.json app/package-lock.json ./
RUN npm ci
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
