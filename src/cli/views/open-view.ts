import { checkoutAt, githubView } from './github.ts';
import { textView } from './text.ts';
import type { Output, View } from './view.ts';

/** What shows a run of this command; with OpenTelemetry's variables it is traced, too. */
export async function openView(
  {
    isJson,
    isVerbose = false,
    command,
  }: { readonly isJson: boolean; readonly isVerbose?: boolean; readonly command: string },
  output: Output,
  environment: Readonly<Record<string, string | undefined>>,
): Promise<View> {
  const view = await chooseView(isJson, isVerbose, output, environment);
  const isTraced = environment.OTEL_EXPORTER_OTLP_ENDPOINT ?? environment.OTEL_EXPORTER_OTLP_TRACES_ENDPOINT;
  return isTraced ? (await import('./traced.ts')).tracedView(view, command) : view;
}

/** JSON where it is asked for, a live picture on a terminal, and lines of text everywhere else. */
async function chooseView(
  isJson: boolean,
  isVerbose: boolean,
  output: Output,
  environment: Readonly<Record<string, string | undefined>>,
): Promise<View> {
  if (isJson) return (await import('./json.ts')).jsonView(output);
  if (output.isTerminal && environment.TERM !== 'dumb' && !environment.CI)
    return (await import('./live.ts')).liveView(output, isVerbose);
  const write = (line: string) => void output.stream.write(`${line}\n`);
  if (environment.GITHUB_ACTIONS !== 'true') return textView(write, isVerbose);
  const files = { output: environment.GITHUB_OUTPUT, summary: environment.GITHUB_STEP_SUMMARY };
  return githubView(write, files, checkoutAt(process.cwd(), environment), isVerbose);
}
