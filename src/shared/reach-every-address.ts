/** Node's own default is 250 ms, too short for a host that is far away. */
const SHORTEST_MS = 250;

/**
 * Options for a socket to a host that may have several addresses. Node tries them in turn, and gives the last one all
 * the time that is left.
 */
export const reachEveryAddress = (timeoutMs: number) => ({
  autoSelectFamily: true,
  autoSelectFamilyAttemptTimeout: Math.max(SHORTEST_MS, Math.floor(timeoutMs / 3)),
});
