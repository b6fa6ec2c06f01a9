/** The stack file of a project without a compose file. */
export const STARTER = `services:
  web:
    image: nginx:1.29-alpine
    ports:
      - { target: 80, published: 80, mode: ingress }
    healthcheck:
      test: [CMD, wget, -qO-, "http://127.0.0.1/"]
      interval: 5s
      timeout: 3s
      retries: 3
    deploy:
      replicas: 2
      update_config: { order: start-first, failure_action: rollback, monitor: 25s }
      resources:
        limits: { memory: 128M }

networks:
  default:
    driver_opts: { encrypted: "true" }
`;
