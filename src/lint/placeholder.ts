import { readPairs } from '../config/pairs.ts';
import type { Path } from '../config/positions.ts';
import type { Problem } from '../config/problem.ts';
import type { StackService } from '../config/stack-document.ts';
import { type LintContext, type Rule, servicesOf, settingsOf } from './rule.ts';

const PLACEHOLDER =
  /(?<![a-z])(change[-_ ]?me|replace[-_ ]?me)(?![a-z])|your[-_][\w-]+[-_]here|^todo$|^x{3,}$|\bexample\.(com|org|net)\b|^<[^>]*>$/i;

const MESSAGE = 'still holds a placeholder: put the real value in';

export const placeholder: Rule = {
  id: 'placeholder',
  level: 'error',
  reason: 'a value copied from an example does not work, or is known to everyone',
  summary: ['still holds a placeholder', 'still hold placeholders'],
  find: (context) => [
    ...settingsOf(context)
      .filter(({ value }) => PLACEHOLDER.test(value))
      .map(({ at }) => at(MESSAGE)),
    ...findInServices(context),
    ...Object.values(context.values.objects)
      .filter(({ isExample }) => !isExample)
      .filter(
        ({ value }) =>
          value.bytes < 200 && /^(change[-_ ]?me|replace[-_ ]?me|todo|x{3,})\s*$/i.test(value.revealText()),
      )
      .map(({ file, from }) => ({ file: file ?? from, message: MESSAGE })),
  ],
};

/** What comes from an env file is found there, at its one line. */
function findInServices(context: LintContext): readonly Problem[] {
  const set = settingsOf(context).map(({ value }) => value);
  const isNew = (text: string) => !set.some((value) => PLACEHOLDER.test(value) && text.includes(value));
  return servicesOf(context).flatMap(({ service, at }) =>
    textsOf(service)
      .filter(([, value]) => PLACEHOLDER.test(value) && isNew(value))
      .map(([path]) => at(path, MESSAGE)),
  );
}

/** What a service is told, and what others are told of it, each with its place. */
function textsOf(service: StackService): (readonly [Path, string])[] {
  const { environment = {}, labels, deploy, command, entrypoint } = service;
  const pairs = (path: Path, map: object) =>
    Object.entries(map).map(([name, value]) => [[...path, name], String(value ?? '')] as const);
  const words = (path: Path, list: typeof command) =>
    [list ?? []].flat().map((word) => [path, word] as const);
  return [
    ...pairs(['environment'], environment),
    ...pairs(['labels'], readPairs(labels)),
    ...pairs(['deploy', 'labels'], readPairs(deploy?.labels)),
    ...words(['command'], command),
    ...words(['entrypoint'], entrypoint),
  ];
}
