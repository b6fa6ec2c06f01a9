import { type Rule, servicesOf } from './rule.ts';

/** The socket, or a folder that it is in. */
const SOCKET = /docker\.sock$|^\/$|^\/(var|run|var\/run)\/*$/;

export const dockerSocket: Rule = {
  id: 'docker-socket',
  level: 'warning',
  reason:
    "whoever reaches a service with the engine's socket owns the node, and Dozzle shows every log without a login",
  find: (scene) =>
    servicesOf(scene).flatMap(({ service, at }) => {
      const mounts = service.volumes?.some(({ source = '' }) => SOCKET.test(source)) ?? false;
      const [port] = service.ports ?? [];
      if (!mounts || !port) return [];
      return [
        at(
          ['ports'],
          `publishes port ${port.published || port.target} of a service that mounts docker.sock, or a folder that holds it: listen on loopback in the node's network, and use ssh -L`,
        ),
      ];
    }),
};
