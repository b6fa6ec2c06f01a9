/** Where the engine of a manager listens. */
export const DOCKER_SOCKET = '/var/run/docker.sock';

/** Docker's client on the manager, for the engine of the Docker API; the context of its user does not count. */
export const DOCKER_THERE = `docker --host unix://${DOCKER_SOCKET}`;
