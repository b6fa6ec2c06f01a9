/** `node healthcheck.js URL`: for images that have no curl. Exits 0 for a 2xx answer. */
const answer = await fetch(process.argv[2] ?? '', { signal: AbortSignal.timeout(2000) }).catch(
  () => undefined,
);
process.exit(answer?.ok ? 0 : 1);
