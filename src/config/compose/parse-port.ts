/** A published port in its long form. */
export interface Port {
  readonly target: number;
  /** 0: Swarm chooses one. */
  readonly published: number;
  readonly protocol: string;
  readonly mode: string;
  /** Swarm cannot publish on one address only; Docker leaves it out in silence. */
  readonly address: string | undefined;
}

const SHORT =
  /^(?:(?:(?<address>[^/]*):)?(?<published>[\d-]*):)?(?<target>[\d-]+)(?:\/(?<protocol>tcp|udp|sctp))?$/i;

/** `[[address:]published:]target[/protocol]`, with ranges; undefined when it is none. */
export function parsePort(text: string): readonly Port[] | undefined {
  const { address, published = '', target = '', protocol = 'tcp' } = SHORT.exec(text)?.groups ?? {};
  const targets = range(target);
  const sources = published === '' ? [] : range(published);
  if (!targets || !sources || (sources.length > 0 && sources.length !== targets.length)) return undefined;
  return targets.map((port, index) => ({
    target: port,
    published: sources[index] ?? 0,
    protocol: protocol.toLowerCase(),
    mode: 'ingress',
    address: address || undefined,
  }));
}

function range(text: string): number[] | undefined {
  const [first, last = first] = text.split('-').map(Number);
  const isPort = (port: number | undefined): port is number =>
    port !== undefined && port > 0 && port < 65_536;
  if (!isPort(first) || !isPort(last) || last < first) return undefined;
  return Array.from({ length: last - first + 1 }, (_, index) => first + index);
}
