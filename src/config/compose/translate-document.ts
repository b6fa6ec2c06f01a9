import { isMap } from '../../shared/is-map.ts';
import { parseSize } from '../parse-units.ts';
import type { Path, Positions } from '../positions.ts';
import type { Finding } from '../problem.ts';
import { buildKeys } from './build-keys.ts';
import { refusedFinding, type Service, saidFinding, type Translate } from './outcome.ts';
import { parseMount } from './parse-mount.ts';
import { parsePort } from './parse-port.ts';
import { serviceKeys } from './service-keys.ts';

export interface Translated {
  readonly document: Service;
  readonly findings: readonly Finding[];
}

/** Ports, mounts and networks of every service in their long form, in which files can be laid over each other. */
export function expandDocument(document: Service, positions: Positions): Translated {
  const translation = new Translation(positions);
  const expand = (value: Service, path: Path) => translation.expandLists(value, path);
  return { document: eachService(document, expand), findings: translation.findings };
}

/**
 * Turns what compose knows and `docker stack deploy` does not into what means the same; says or refuses the rest.
 * A finding of the rule `unsupported-key` that the operator ignores has left its key out.
 */
export function translateDocument(document: Service, positions: Positions): Translated {
  const { name: _, include, ...rest } = document;
  const translation = new Translation(positions);
  if (include !== undefined)
    translation.refuse(['include'], 'is not supported: name the files in STACK_FILES');
  const translate = (value: Service, path: Path) => translation.translateService(value, path);
  return { document: eachService(rest, translate), findings: translation.findings };
}

function eachService(document: Service, change: (service: Service, path: Path) => Service): Service {
  if (!isMap(document.services)) return document;
  const services = Object.entries(document.services).map(([name, value]) => [
    name,
    isMap(value) ? change(value, ['services', name]) : value,
  ]);
  return { ...document, services: Object.fromEntries(services) };
}

class Translation {
  readonly findings: Finding[] = [];
  readonly #positions: Positions;

  constructor(positions: Positions) {
    this.#positions = positions;
  }

  translateService(service: Service, path: Path): Service {
    const translated = this.#translateKeys(service, serviceKeys, path);
    const { build } = translated;
    if (!isMap(build)) return translated;
    return { ...translated, build: this.#translateKeys(build, buildKeys, [...path, 'build']) };
  }

  #translateKeys(map: Service, keys: Readonly<Record<string, Translate>>, path: Path): Service {
    return Object.keys(map)
      .filter((key) => Object.hasOwn(keys, key))
      .reduce((translated, key) => this.#translateKey(translated, key, keys[key] as Translate, path), map);
  }

  #translateKey(map: Service, key: string, translate: Translate, path: Path): Service {
    const { [key]: value, ...others } = map;
    const outcome = translate(value, others);
    if ('into' in outcome) return outcome.into;
    const [here, named] = [this.#positions.locate([...path, key]), [...path, key].join('.')];
    this.findings.push(
      'said' in outcome
        ? saidFinding(here, `${named} ${outcome.said}`)
        : refusedFinding(here, `${named} ${outcome.refused}`),
    );
    return others;
  }

  expandLists(service: Service, path: Path): Service {
    const { ports, volumes, networks } = service;
    return {
      ...service,
      ...(Array.isArray(ports) && {
        ports: ports.flatMap((port, at) => this.#translatePort(port, [...path, 'ports', at])),
      }),
      ...(Array.isArray(volumes) && {
        volumes: volumes.flatMap((mount, at) => this.#translateMount(mount, [...path, 'volumes', at])),
      }),
      ...(isMap(networks) && { networks: this.#translateNetworks(networks, [...path, 'networks']) }),
    };
  }

  #translatePort(port: unknown, path: Path): unknown[] {
    const short = typeof port === 'string' || typeof port === 'number' ? parsePort(String(port)) : undefined;
    const { name, app_protocol, host_ip, ...long } = isMap(port) ? port : {};
    const address = host_ip ?? short?.[0]?.address;
    if (address)
      this.refuse(
        path,
        `publishes on ${address} only, which Swarm cannot: it would listen on every address. Listen on loopback in the network of the node, or leave the address out`,
      );
    if (isMap(port)) return [long];
    if (!short) this.refuse(path, 'is no port: write published:target, with /udp if it is that, or a map');
    return (short ?? []).map(({ address: _address, ...one }) => one);
  }

  #translateMount(mount: unknown, path: Path): unknown[] {
    const long = typeof mount === 'string' ? parseMount(mount) : mount;
    if (!isMap(long)) {
      this.refuse(path, 'is no mount: write source:target, or a map');
      return [];
    }
    const { type = 'volume', source, bind, tmpfs } = long as Service;
    if (type === 'bind' && !/^(\/|[A-Za-z]:\\)/.test(String(source)))
      this.refuse(
        path,
        `binds ${source}, which is not a path of the nodes: use a volume or a config, or write the whole path`,
      );
    const { create_host_path: _create, ...binding } = isMap(bind) ? bind : {};
    const size = isMap(tmpfs) ? parseSize(tmpfs.size as string) : undefined;
    const sized = size !== undefined && { tmpfs: { size } };
    return [{ ...long, type, ...(isMap(bind) && { bind: binding }), ...sized }];
  }

  #translateNetworks(networks: Service, path: Path): Service {
    const entries = Object.entries(networks).map(([name, value]) => {
      if (!isMap(value)) return [name, value];
      const { ipv4_address, ipv6_address, ...kept } = value;
      if (ipv4_address ?? ipv6_address)
        this.refuse([...path, name], 'asks for an address, which Swarm gives out itself: leave it out');
      return [name, kept];
    });
    return Object.fromEntries(entries);
  }

  refuse(path: Path, message: string): void {
    this.findings.push(refusedFinding(this.#positions.locate(path), `${path.join('.')} ${message}`));
  }
}
