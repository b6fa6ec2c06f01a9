import { pino } from 'pino';
import { type Output, plainView, type View } from './view.ts';

/** One JSON object a line, as pino writes it: what `--json` prints. */
export function jsonView({ stream }: Output): View {
  const logger = pino({ base: null, level: 'debug', timestamp: pino.stdTimeFunctions.isoTime }, stream);
  return plainView({
    debug: logger.debug.bind(logger),
    info: logger.info.bind(logger),
    warn: logger.warn.bind(logger),
    error: logger.error.bind(logger),
  });
}
