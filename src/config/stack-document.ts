/** A stack file as plain data, in compose's own key names. Only what Waggle looks into is named. */
export interface StackDocument {
  readonly services?: Readonly<Record<string, StackService>>;
  readonly secrets?: Readonly<Record<string, StackResource | null>>;
  readonly configs?: Readonly<Record<string, StackResource | null>>;
  readonly [key: string]: unknown;
}

export interface StackService {
  readonly image?: string;
  readonly build?: string | StackBuild;
  readonly environment?: Readonly<Record<string, unknown>> | readonly string[];
  readonly deploy?: {
    readonly mode?: string;
    readonly replicas?: number;
    readonly placement?: { readonly constraints?: readonly string[] };
    readonly [key: string]: unknown;
  };
  readonly [key: string]: unknown;
}

export interface StackBuild {
  readonly context?: string;
  readonly dockerfile?: string;
  readonly target?: string;
  readonly args?: Readonly<Record<string, string>> | readonly string[];
  readonly platforms?: readonly string[];
}

export interface StackResource {
  readonly name?: string;
  readonly file?: string;
  readonly external?: boolean | { readonly name?: string };
}

/** `environment:` and `args:` may be a map or a list of K=V. */
export function namesOf(entries: object | readonly string[] | undefined): readonly string[] {
  if (Array.isArray(entries)) return entries.map((entry) => String(entry).split('=')[0] ?? '');
  return Object.keys(entries ?? {});
}
