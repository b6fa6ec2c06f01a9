import type { Server } from 'node:http';

const GRACE_MS = 1000;

/** Ends cleanly on a signal. As process 1 of a container, one that does not listen is not ended by any. */
export function endOnSignal(server: Server, stopWork: () => void = () => {}): void {
  const end = () => {
    stopWork();
    drain(server);
  };
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.on(signal, end);
}

/** Requests under way are answered, new connections are refused, idle ones are closed. */
function drain(server: Server): void {
  server.close(() => process.exit(0));
  // A client that never finishes its request must not hold up a roll-out.
  setTimeout(() => server.closeAllConnections(), GRACE_MS).unref();
}
