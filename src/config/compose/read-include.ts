import { isMap } from '../../shared/is-map.ts';

/** An entry of `include:` as it is written; paths lead from the folder of the file that has it. */
export interface Include {
  /** The first is the file, the others are laid over it. */
  readonly paths: readonly string[];
  readonly projectDirectory: string | undefined;
  /** `undefined`: `.env` of the project directory, if there is one. */
  readonly envFiles: readonly string[] | undefined;
}

/** An entry, or what is wrong with it, as it follows `include`. */
export type ReadInclude = Include | { readonly wrong: string };

const KEYS = ['path', 'project_directory', 'env_file'];

export function readInclude(value: unknown): readonly ReadInclude[] {
  return Array.isArray(value) ? value.map(readEntry) : [{ wrong: 'must be a list' }];
}

function readEntry(entry: unknown): ReadInclude {
  if (typeof entry === 'string') return { paths: [entry], projectDirectory: undefined, envFiles: undefined };
  if (!isMap(entry)) return { wrong: 'must be paths, or maps with path, project_directory and env_file' };
  const unknown = Object.keys(entry).find((key) => !KEYS.includes(key));
  if (unknown !== undefined) return { wrong: `has the key ${unknown}: only ${KEYS.join(', ')} are known` };
  const paths = readTexts(entry.path);
  const envFiles = readTexts(entry.env_file ?? []);
  const { project_directory: folder } = entry;
  if (!paths || paths.length === 0) return { wrong: 'needs a path: text, or a list of texts' };
  if (!envFiles) return { wrong: 'has an env_file that is not text, or a list of texts' };
  if (folder !== undefined && typeof folder !== 'string')
    return { wrong: 'has a project_directory that is not text' };
  return {
    paths,
    projectDirectory: folder || undefined,
    envFiles: envFiles.length > 0 ? envFiles : undefined,
  };
}

function readTexts(value: unknown): readonly string[] | undefined {
  const texts = [value].flat();
  return texts.every((text) => typeof text === 'string' && text !== '') ? (texts as string[]) : undefined;
}

/** The service that `extends` names, in this file or in another one. */
export interface ExtendedServices {
  readonly service: string;
  readonly file: string | undefined;
}

export function readExtends(value: unknown): ExtendedServices | { readonly wrong: string } {
  if (typeof value === 'string') return { service: value, file: undefined };
  if (!isMap(value)) return { wrong: 'must be the name of a service, or a map with service and file' };
  const unknown = Object.keys(value).find((key) => key !== 'service' && key !== 'file');
  if (unknown !== undefined) return { wrong: `has the key ${unknown}: only service and file are known` };
  const { service, file } = value;
  if (typeof service !== 'string') return { wrong: 'needs service: the name of the service' };
  if (file !== undefined && typeof file !== 'string') return { wrong: 'has a file that is not text' };
  return { service, file };
}
