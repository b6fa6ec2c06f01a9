import { context, type Span, SpanStatusCode, trace } from '@opentelemetry/api';
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http';
import { resourceFromAttributes } from '@opentelemetry/resources';
import { BasicTracerProvider, BatchSpanProcessor } from '@opentelemetry/sdk-trace-base';
import { codeOf } from '../../shared/errors.ts';
import type { LogEvent, LogMethod } from '../../shared/log.ts';
import type { View } from './view.ts';

/** A slow collector must not slow a deploy. */
const TIMEOUT_MS = 5_000;

/**
 * The same view, and each step as a span of one trace, sent over OTLP in the end. Where to, and with which headers, the
 * exporter takes from OpenTelemetry's own variables. What it cannot send is lost: it fails nothing.
 */
export function tracedView(view: View, command: string): View {
  const exporter = new OTLPTraceExporter({ timeoutMillis: TIMEOUT_MS });
  const provider = new BasicTracerProvider({
    resource: resourceFromAttributes({ 'service.name': 'waggle' }),
    spanProcessors: [new BatchSpanProcessor(exporter)],
  });
  const tracer = provider.getTracer('waggle');
  const root = tracer.startSpan(`waggle ${command}`);
  const within = trace.setSpan(context.active(), root);
  const steps = new Map<string, Span>();
  const follow = (event: LogEvent) => {
    if (typeof event === 'string' || 'part' in event || 'task' in event || 'rule' in event) return;
    if ('release' in event) {
      const { release, id, changed, url } = event;
      root.setAttributes({
        'waggle.release': release,
        'waggle.id': id,
        'waggle.changed': changed,
        'waggle.url': url,
      });
      return;
    }
    if (event.state === 'started')
      return void steps.set(event.step, tracer.startSpan(event.step, {}, within));
    const span = steps.get(event.step);
    if (event.state === 'failed') span?.setStatus({ code: SpanStatusCode.ERROR });
    span?.end();
  };
  const say = (told: LogMethod): LogMethod =>
    ((event: LogEvent, message: string) => {
      follow(event);
      (told as (event: LogEvent, message?: string) => void)(event, message);
    }) as LogMethod;
  return {
    ...view,
    debug: say(view.debug),
    info: say(view.info),
    warn: say(view.warn),
    error: say(view.error),
    async end(failure) {
      await view.end(failure);
      if (failure !== undefined) {
        const code = codeOf(failure);
        root.setAttribute('error.type', code);
        root.setStatus({ code: SpanStatusCode.ERROR, message: code });
      }
      root.end();
      await provider.shutdown().catch(() => {});
    },
  };
}
