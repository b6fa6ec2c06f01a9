import { resolve } from 'node:path';
import { mapPairs } from '../../src/config/pairs.ts';
import { PROJECT } from './ask-compose.ts';

/** A stack in a form that what Waggle and what compose make of it can both be brought to. */

export type Map_ = Readonly<Record<string, unknown>>;

const DEPLOY = `${PROJECT}/deploy`;

/** compose leaves out what no service uses, and so does Docker when it deploys. */
export function meaningOf(document: Map_): Map_ {
  const services = mapValues(document.services, (service) => serviceOf(service as Map_));
  const used = (section: string) =>
    new Set(
      Object.values(document.services as Map_).flatMap((service) => namesIn((service as Map_)[section])),
    );
  const keep = (section: string) =>
    Object.fromEntries(
      entriesOf(document[section])
        .filter(([name]) => used(section).has(name) && name !== 'default')
        .map(([name, value]) => [name, pathOf(value)]),
    );
  return { services, ...Object.fromEntries(SECTIONS.map((section) => [section, keep(section)])) };
}

const SECTIONS = ['networks', 'volumes', 'secrets', 'configs'];

function namesIn(entries: unknown): readonly unknown[] {
  const names = Array.isArray(entries) ? entries : Object.keys((entries ?? {}) as Map_);
  return names.map((entry) => (typeof entry === 'string' ? entry : (entry as Map_).source));
}

function pathOf(value: unknown): string {
  const { file, driver = '' } = (value ?? {}) as Record<string, string>;
  return file === undefined ? driver : resolve(DEPLOY, file);
}

const entriesOf = (map: unknown) => Object.entries((map ?? {}) as Map_);
const mapValues = (map: unknown, change: (value: unknown, key: string) => unknown) =>
  Object.fromEntries(entriesOf(map).map(([key, value]) => [key, change(value, key)]));
const texts = (map: unknown) =>
  mapValues(mapPairs(map ?? {}), (value) => (value === null ? null : String(value)));
const namesMap = (names: unknown) =>
  Array.isArray(names) ? Object.fromEntries(names.map((name) => [name, {}])) : (names as Map_);
const sorted = (list: unknown) => [...((list ?? []) as unknown[])].map((one) => JSON.stringify(one)).sort();
const listOf = (value: unknown) => (value === undefined || value === null ? [] : [value].flat());

/** What both know of a service, with what is left out filled in. */
function serviceOf(service: Map_): Map_ {
  const { deploy, healthcheck, logging, environment, labels, build } = service as Record<string, Map_>;
  const { test, ...health } = healthcheck ?? {};
  return {
    image: service.image,
    plain: ['command', 'entrypoint', 'hostname', 'user', 'working_dir', 'stop_grace_period'].map(
      (key) => service[key] ?? null,
    ),
    environment: texts(environment),
    labels: mapValues(texts(labels), (value) => value ?? ''),
    ports: sorted(((service.ports ?? []) as Map_[]).map(portOf)),
    volumes: sorted(((service.volumes ?? []) as Map_[]).map(mountOf)),
    networks: networksOf(service.networks),
    build: buildOf(build),
    depends_on: mapValues(namesMap(service.depends_on), dependencyOf),
    secrets: sorted(listOf(service.secrets).map((one) => mountedOf(one, ''))),
    configs: sorted(listOf(service.configs).map((one) => mountedOf(one, '/'))),
    extra_hosts: sorted(hostsOf(service.extra_hosts)),
    healthcheck: healthcheck && {
      ...health,
      test: typeof test === 'string' ? ['CMD-SHELL', test] : (test ?? null),
    },
    cap_add: sorted(service.cap_add),
    dns: listOf(service.dns),
    sysctls: texts(service.sysctls),
    ulimits: mapValues(service.ulimits, (value) =>
      typeof value === 'number' ? { soft: value, hard: value } : value,
    ),
    logging: logging && { driver: logging.driver ?? null, options: texts(logging.options) },
    deploy: deploy ? deployOf(deploy) : {},
  };
}

const portOf = ({ target, published, protocol = 'tcp' }: Map_) => ({
  target,
  published: String(published || ''),
  protocol,
});
const mountOf = ({ type, source = '', target, read_only = false }: Map_) => ({
  type,
  source,
  target,
  read_only,
});
const dependencyOf = (value: unknown) => {
  const { condition = 'service_started', required = true } = (value ?? {}) as Map_;
  return { condition, required };
};

/** A service that names no network is in the default one. */
function networksOf(networks: unknown): Map_ {
  const known = networks === undefined || networks === null ? { default: null } : namesMap(networks);
  return mapValues(known, (value) => sorted(((value ?? {}) as Map_).aliases));
}

function buildOf(build: unknown): unknown {
  if (build === undefined || build === null) return null;
  const {
    context = '.',
    dockerfile = 'Dockerfile',
    target = '',
    args,
  } = (typeof build === 'string' ? { context: build } : build) as Record<string, string>;
  return { context: resolve(DEPLOY, context), dockerfile, target, args: texts(args) };
}

function mountedOf(entry: unknown, folder: string): Map_ {
  const { source, target, mode = '' } = (typeof entry === 'string' ? { source: entry } : entry) as Map_;
  return {
    source,
    target: String(target ?? `${folder}${source}`).replace('/run/secrets/', ''),
    mode: String(mode),
  };
}

function hostsOf(hosts: unknown): readonly string[] {
  const list = Array.isArray(hosts) ? hosts : entriesOf(hosts).map(([host, address]) => `${host}:${address}`);
  return list.map((host) => String(host).replace('=', ':'));
}

function deployOf({ replicas, labels, placement, resources, update_config }: Map_): Map_ {
  const { constraints } = (placement ?? {}) as Map_;
  const { limits = {} } = (resources ?? {}) as Record<string, Map_>;
  const { cpus, memory } = limits;
  return {
    ...(replicas !== undefined && { replicas }),
    labels: texts(labels),
    constraints: sorted(constraints),
    cpus: cpus === undefined ? null : Number(cpus),
    memory: memory === undefined ? null : String(memory).replace(/^64M$/, String(64 * 1024 * 1024)),
    order: ((update_config ?? {}) as Map_).order ?? null,
  };
}
