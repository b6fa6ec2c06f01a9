import { type Rule, servicesOf } from './rule.ts';

/** The socket, or a folder that it is in. */
const SOCKET = /docker\.sock$|^\/$|^\/(var|run|var\/run)\/*$/;

export const dockerSocket: Rule = {
  id: 'docker-socket',
  level: 'warning',
  reason: "a service with the engine's socket controls its node, so everyone who reaches its port may",
  summary: [
    "publishes a port and mounts the engine's socket",
    "publish a port and mount the engine's socket",
  ],
  find: (context) =>
    servicesOf(context).flatMap(({ service, at }) => {
      const mounts = service.volumes?.some(({ source = '' }) => SOCKET.test(source)) ?? false;
      const [port] = service.ports ?? [];
      if (!mounts || !port) return [];
      return [
        at(
          ['ports'],
          `publishes port ${port.published || port.target} and mounts docker.sock, or a folder that holds it: mount it in a service without ports, a socket proxy for example`,
        ),
      ];
    }),
};
