/** Where the engine of a manager listens. */
export const DOCKER_SOCKET = '/var/run/docker.sock';

/** Docker's client on the manager, on the engine that the Docker API goes to, whatever context its user has chosen. */
export const DOCKER_THERE = `docker --host unix://${DOCKER_SOCKET}`;
