import { parseCommand } from '../../config/compose/parse-command.ts';
import { readPairs } from '../../config/pairs.ts';
import { parseDuration } from '../../config/parse-units.ts';
import type { StackService } from '../../config/stack-document.ts';

/** The part of a spec that one container needs by itself. */
export function planContainer(service: StackService) {
  const { dns, dns_search, extra_hosts, ulimits, cap_add, cap_drop } = service;
  const capabilities = planCapabilities(listOf(cap_add), listOf(cap_drop));
  return {
    Image: service.image ?? '',
    Command: wordsOf(service.entrypoint),
    Args: wordsOf(service.command),
    Hostname: service.hostname,
    Hosts: planHosts(extra_hosts),
    DNSConfig: { Nameservers: listOf(dns), Search: listOf(dns_search) },
    Healthcheck: planHealthcheck(service),
    Env: Object.entries(service.environment ?? {})
      .map(([key, value]) => (value === null ? key : `${key}=${value}`))
      .sort(),
    Dir: service.working_dir,
    User: service.user,
    StopGracePeriod: nanoseconds(service.stop_grace_period),
    StopSignal: service.stop_signal,
    TTY: service.tty,
    OpenStdin: service.stdin_open,
    ReadOnly: service.read_only,
    Isolation: service.isolation,
    Init: service.init,
    Sysctls: readPairs(service.sysctls as never),
    ...capabilities,
    Privileges: planPrivileges(service),
    Ulimits: planUlimits(ulimits as never),
    OomScoreAdj: service.oom_score_adj,
  };
}

function wordsOf(command: StackService['command']): readonly string[] {
  return typeof command === 'string' ? (parseCommand(command) ?? []) : (command ?? []);
}

function listOf(value: unknown): readonly string[] {
  return [value ?? []].flat() as string[];
}

/** `host:ip` or `host=ip` to the `ip host` of an /etc/hosts line. */
function planHosts(value: unknown): readonly string[] {
  const pairs = Array.isArray(value)
    ? value.map((entry) => String(entry))
    : Object.entries(value ?? {})
        .map(([host, ip]) => `${host}:${ip}`)
        .sort();
  return pairs.flatMap((pair) => {
    const [, host, ip] = /^([^=:]+)[=:](.+)$/.exec(pair) ?? [];
    return host && ip ? [`${ip.replace(/^\[(.+)\]$/, '$1')} ${host}`] : [];
  });
}

function planHealthcheck({ healthcheck }: StackService) {
  if (!healthcheck) return undefined;
  if (healthcheck.disable) return { Test: ['NONE'] };
  const { test, interval, timeout, retries, start_period, start_interval } = healthcheck;
  return {
    Test: typeof test === 'string' ? ['CMD-SHELL', test] : (test ?? []),
    Interval: nanoseconds(interval),
    Timeout: nanoseconds(timeout),
    Retries: retries,
    StartPeriod: nanoseconds(start_period),
    StartInterval: nanoseconds(start_interval),
  };
}

/** Sorted, in capitals, with CAP_; what is added is not dropped, unless all is. */
function planCapabilities(add: readonly string[], drop: readonly string[]) {
  const normal = (names: readonly string[]) => {
    const capitals = names
      .map((name) => name.toUpperCase())
      .map((name) => (name === 'ALL' || name.startsWith('CAP_') ? name : `CAP_${name}`));
    return capitals.includes('ALL') ? ['ALL'] : [...new Set(capitals)].sort();
  };
  const added = normal(add);
  return { CapabilityAdd: added, CapabilityDrop: normal(drop).filter((name) => !added.includes(name)) };
}

/** Of Windows' containers; one from a config is left out, because the engine stores its id. */
function planPrivileges({ credential_spec }: StackService) {
  const { file, registry } = (credential_spec ?? {}) as { file?: string; registry?: string };
  return { CredentialSpec: { File: file, Registry: registry } };
}

function planUlimits(ulimits: Readonly<Record<string, number | { soft: number; hard: number }>> | undefined) {
  return Object.entries(ulimits ?? {})
    .map(([Name, value]) =>
      typeof value === 'number'
        ? { Name, Soft: value, Hard: value }
        : { Name, Soft: value.soft, Hard: value.hard },
    )
    .sort((a, b) => (a.Name < b.Name ? -1 : 1));
}

export function nanoseconds(duration: string | undefined): number | undefined {
  return duration === undefined ? undefined : parseDuration(String(duration));
}
