import { isAbsolute, join } from 'node:path';
import { isMap } from '../../shared/is-map.ts';
import type { PlainMap } from '../merge-rules.ts';

/** What compose takes for a build context that is not a folder of this machine. */
export const REMOTE = /:\/\/|^(github\.com\/|git@|service:)/;

/** Makes the relative paths of a file lead from another folder; `prefix` leads from there to where they led from. */
export function shiftPaths(document: PlainMap, prefix: string): PlainMap {
  if (prefix === '') return document;
  const shift = (path: unknown) => shiftPath(path, prefix);
  const files = (section: unknown) =>
    mapEntries(section, (value) =>
      isMap(value) && 'file' in value ? { ...value, file: shift(value.file) } : value,
    );
  return {
    ...document,
    ...(isMap(document.services) && {
      services: mapEntries(document.services, (service) =>
        isMap(service) ? shiftService(service, shift) : service,
      ),
    }),
    ...(isMap(document.secrets) && { secrets: files(document.secrets) }),
    ...(isMap(document.configs) && { configs: files(document.configs) }),
  };
}

function shiftService(service: PlainMap, shift: (path: unknown) => unknown): PlainMap {
  const { build, env_file, label_file } = service;
  const shiftContext = (context: unknown) =>
    typeof context === 'string' && REMOTE.test(context) ? context : shift(context);
  const shiftEach = (value: unknown) =>
    [value].flat().map((one) => (isMap(one) ? { ...one, path: shift(one.path) } : shift(one)));
  return {
    ...service,
    ...(typeof build === 'string' && { build: shiftContext(build) }),
    ...(isMap(build) &&
      build.context !== undefined && { build: { ...build, context: shiftContext(build.context) } }),
    ...(env_file !== undefined && env_file !== null && { env_file: shiftEach(env_file) }),
    ...(label_file !== undefined && label_file !== null && { label_file: shiftEach(label_file) }),
  };
}

/** Gives builds without a context the folder of the include: a file that a service extends gives it none. */
export function fillContexts(document: PlainMap, folder: string): PlainMap {
  if (folder === '' || !isMap(document.services)) return document;
  const services = mapEntries(document.services, (service) =>
    isMap(service) && isMap(service.build)
      ? { ...service, build: { ...service.build, context: service.build.context ?? folder } }
      : service,
  );
  return { ...document, services };
}

function shiftPath(path: unknown, prefix: string): unknown {
  if (typeof path !== 'string' || path === '' || isAbsolute(path) || path.startsWith('~')) return path;
  return join(prefix, path);
}

function mapEntries(map: unknown, change: (value: unknown) => unknown): unknown {
  if (!isMap(map)) return map;
  return Object.fromEntries(Object.entries(map).map(([key, value]) => [key, change(value)]));
}
