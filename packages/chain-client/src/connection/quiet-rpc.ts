import { rpcDefinitions } from '#polkadot/types';

type Definitions = Record<string, Record<string, object>>;

/**
 * The library's methods, that write no errors to the console. It would do so with the words of the node, which may be anything: into a log of JSON lines,
 * or a person's terminal. Whoever asked gets the same error thrown.
 */
export function quietMethods(): typeof rpcDefinitions {
  const quiet = Object.entries(rpcDefinitions as Definitions).map(([section, methods]) => [
    section,
    Object.fromEntries(
      Object.entries(methods).map(([name, method]) => [name, { ...method, noErrorLog: true }]),
    ),
  ]);
  return Object.fromEntries(quiet) as typeof rpcDefinitions;
}
