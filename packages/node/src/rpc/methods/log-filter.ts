import { LOG_LEVELS, type LogFilter, type LogLevel } from '../context.ts';
import { invalidParams, methodNotFound } from '../protocol/errors.ts';
import { type Call, method, unsafe } from '../protocol/method.ts';
import { type Param, preview } from '../protocol/params.ts';

/**
 * `debug`, or a list of such, of which the last one holds. Substrate's filters may name parts of the node (`sync=debug`); this log has no such
 * parts, and to leave such a one out of account would be to pretend.
 */
const DIRECTIVES: Param<LogLevel> = {
  name: 'directives',
  parse(value) {
    const last = typeof value === 'string' ? value.split(',').at(-1)?.trim().toLowerCase() : undefined;
    const level = LOG_LEVELS.find((known) => known === last);
    if (level) return level;
    throw invalidParams(
      `"directives" must be one of ${LOG_LEVELS.join(', ')}, for the whole log, got ${preview(value)}`,
    );
  },
};

/** How much is logged from now on. */
export const system_addLogFilter = unsafe(
  method([DIRECTIVES], (call, level) => {
    filterOf(call).set(level);
    return null;
  }),
);

/** As much again as when the node was started. */
export const system_resetLogFilter = unsafe(
  method([], (call) => {
    filterOf(call).reset();
    return null;
  }),
);

function filterOf({ logFilter }: Call): LogFilter {
  if (logFilter) return logFilter;
  throw methodNotFound();
}
