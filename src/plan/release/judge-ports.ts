import { isDeepStrictEqual } from 'node:util';
import type { Positions } from '../../config/positions.ts';
import type { Problem } from '../../config/problem.ts';
import type { StackDocument } from '../../config/stack-document.ts';

interface Published {
  readonly service: string;
  readonly index: number;
  /** `80/tcp` */
  readonly port: string;
  readonly isHost: boolean;
  readonly isSpread: boolean;
}

/** What swarmkit refuses of published ports, which it says only when the service is made. */
export function judgePorts(document: StackDocument, positions: Positions): readonly Problem[] {
  const ports = publishedPorts(document);
  const problemOf = (service: string, index: number, message: string) => {
    const path = ['services', service, 'ports', index];
    return { ...positions.locate(path), message: `${path.join('.')} ${message}` };
  };
  const published = ports.flatMap((one, at) => {
    const twin = ports.slice(0, at).find((other) => isTaken(one, other));
    const problem = (message: string) => problemOf(one.service, one.index, message);
    return [
      ...(twin
        ? [problem(`publishes ${one.port}, as ${twin.service} does: give one of them another port`)]
        : []),
      ...(one.isSpread && !one.isHost
        ? [
            problem(
              'is for the routing mesh, which a service with endpoint_mode dnsrr is not in: write mode: host',
            ),
          ]
        : []),
    ];
  });
  const repeated = repeatedPorts(document).map(({ service, index }) =>
    problemOf(service, index, 'is in the list already: leave it out'),
  );
  return [...published, ...repeated];
}

/** Docker's client refuses two equal entries, which publish nothing that could tell them apart. */
function repeatedPorts({ services = {} }: StackDocument): readonly Pick<Published, 'service' | 'index'>[] {
  return Object.entries(services).flatMap(([service, { ports = [] }]) =>
    ports.flatMap((port, index) => {
      const isRepeated = ports.slice(0, index).some((earlier) => isDeepStrictEqual(earlier, port));
      return isRepeated && !port.published ? [{ service, index }] : [];
    }),
  );
}

/** Services on different nodes may have one port of the host. */
function isTaken(one: Published, other: Published): boolean {
  return one.port === other.port && (one.service === other.service || !one.isHost || !other.isHost);
}

function publishedPorts({ services = {} }: StackDocument): readonly Published[] {
  return Object.entries(services).flatMap(([service, { ports = [], deploy }]) =>
    ports.flatMap(({ published, protocol = 'tcp', mode }, index) => {
      const isSpread = deploy?.endpoint_mode === 'dnsrr';
      return published || isSpread
        ? [
            {
              service,
              index,
              port: published ? `${published}/${protocol}` : `${service}.${index}`,
              isHost: mode === 'host',
              isSpread,
            },
          ]
        : [];
    }),
  );
}
