import type { Lab } from '../../src/lab/topology.ts';

/** GET on the first manager's Docker API: what the cluster really runs, whatever the tool says. */
export async function askSwarm<T>({ managers }: Lab, path: string, filters: object = {}): Promise<T> {
  const query = encodeURIComponent(JSON.stringify(filters));
  const url = `http://docker/v1.43${path}${path.includes('?') ? '&' : '?'}filters=${query}&status=true`;
  return JSON.parse(
    await managers[0].run(['curl', '--silent', '--unix-socket', '/run/docker.sock', url]),
  ) as T;
}
