import { isMap } from '../../shared/is-map.ts';
import { parseSize } from '../parse-units.ts';
import type { Path, Positions } from '../positions.ts';
import type { Finding } from '../problem.ts';
import { buildKeys } from './build-keys.ts';
import { parseMount } from './parse-mount.ts';
import { parsePort } from './parse-port.ts';
import { MODELS, networkKeys, reservationKeys, serviceKeys } from './service-keys.ts';
import { refusedFinding, type Service, saidFinding, type Translator } from './translation.ts';

export interface TranslatedDocument {
  readonly document: Service;
  readonly findings: readonly Finding[];
}

/** Ports, mounts and networks of every service in their long form, in which files can be laid over each other. */
export function expandDocument(document: Service, positions: Positions): TranslatedDocument {
  const translation = new Translation(positions);
  const expand: Change = (value, path) => translation.expandLists(value, path);
  return { document: each(document, 'services', expand), findings: translation.findings };
}

/**
 * Turns what compose knows and `docker stack deploy` does not into what means the same; says or refuses the rest.
 * A finding of the rule `unsupported-key` that the operator ignores has left its key out.
 */
export function translateDocument(
  document: Service,
  positions: Positions,
  stack: string,
): TranslatedDocument {
  const { name, models, ...rest } = document;
  const translation = new Translation(positions);
  if (name !== undefined && name !== stack)
    translation.say(['name'], `is ${name}, and is not used: STACK_NAME names the stack ${stack}`);
  if (models !== undefined) translation.refuse(['models'], `is not supported by Swarm: ${MODELS}`);
  const services = each(rest, 'services', (value, path) => translation.translateService(value, path));
  const networks = each(services, 'networks', (value, path) =>
    translation.translateKeys(value, networkKeys, path),
  );
  return { document: networks, findings: translation.findings };
}

type Change = (value: Service, path: Path) => Service;

function each(document: Service, section: 'services' | 'networks', change: Change): Service {
  const map = document[section];
  if (!isMap(map)) return document;
  const changed = Object.entries(map).map(([name, value]) => [
    name,
    isMap(value) ? change(value, [section, name]) : value,
  ]);
  return { ...document, [section]: Object.fromEntries(changed) };
}

/** Of the node: what Swarm publishes on anyway. */
const EVERY_ADDRESS = /^(0\.0\.0\.0|\[?::\]?)$/;

type Keys = Readonly<Record<string, Translator>>;

class Translation {
  readonly findings: Finding[] = [];
  readonly #positions: Positions;

  constructor(positions: Positions) {
    this.#positions = positions;
  }

  translateService(service: Service, path: Path): Service {
    const translated = this.translateKeys(service, serviceKeys, path);
    const built = this.#translateWithin(translated, ['build'], buildKeys, path);
    return this.#translateWithin(built, ['deploy', 'resources', 'reservations'], reservationKeys, path);
  }

  /** The keys of a map some levels below, if there is one. */
  #translateWithin(map: Service, [key = '', ...rest]: readonly string[], keys: Keys, path: Path): Service {
    const [inner, here] = [map[key], [...path, key]];
    if (!isMap(inner)) return map;
    const translated =
      rest.length > 0
        ? this.#translateWithin(inner, rest, keys, here)
        : this.translateKeys(inner, keys, here);
    return { ...map, [key]: translated };
  }

  translateKeys(map: Service, keys: Keys, path: Path): Service {
    return Object.keys(map)
      .filter((key) => Object.hasOwn(keys, key))
      .reduce((translated, key) => this.#translateKey(translated, key, keys[key] as Translator, path), map);
  }

  #translateKey(map: Service, key: string, translate: Translator, path: Path): Service {
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
    const address = String(host_ip ?? short?.[0]?.address ?? '');
    if (address && !EVERY_ADDRESS.test(address))
      this.refuse(
        path,
        `publishes on ${address} only, which Swarm cannot: it would listen on every address. Listen on loopback in the network of the node, or leave the address out`,
      );
    if (isMap(port)) return [long];
    if (!short) this.refuse(path, 'is not a port: write published:target, with /udp if it is that, or a map');
    return (short ?? []).map(({ address: _address, ...one }) => one);
  }

  #translateMount(mount: unknown, path: Path): unknown[] {
    const long = typeof mount === 'string' ? parseMount(mount) : mount;
    if (!isMap(long)) {
      this.refuse(path, 'is not a mount: write source:target, or a map');
      return [];
    }
    const { type, source, bind, tmpfs } = long as Service;
    if (type === 'bind' && !/^(\/|[A-Za-z]:\\)/.test(String(source)))
      this.refuse(
        path,
        `binds ${source}, which is not a path of the nodes: use a volume or a config, or write the whole path`,
      );
    const { create_host_path: _create, ...binding } = isMap(bind) ? bind : {};
    const size = isMap(tmpfs) ? parseSize(tmpfs.size as string) : undefined;
    const sized = size !== undefined && { tmpfs: { size } };
    return [{ ...long, ...(isMap(bind) && { bind: binding }), ...sized }];
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

  say(path: Path, message: string): void {
    this.findings.push({
      ...saidFinding(this.#positions.locate(path), `${path.join('.')} ${message}`),
      path,
    });
  }

  refuse(path: Path, message: string): void {
    this.findings.push({
      ...refusedFinding(this.#positions.locate(path), `${path.join('.')} ${message}`),
      path,
    });
  }
}
