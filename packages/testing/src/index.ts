export { appMain, ROOT, type AppName } from './apps.ts';
export { Ends } from './ends.ts';
export { LocalNetworkError } from './errors.ts';
export { eventually } from './eventually.ts';
export { LocalNetwork } from './local-network.ts';
export { ManagedProcess, type ProcessExit, type ProcessSpec } from './managed-process.ts';
export {
  anyPorts,
  wellKnownPorts,
  type DriverName,
  type NetworkOptions,
  type NetworkPorts,
} from './network-options.ts';
export { freePort, requireFreePort } from './ports.ts';
export { Renter, type RenterOptions } from './renter.ts';
export { runApp, runAppOrThrow, runProgram, type CommandOptions, type CommandResult } from './run-command.ts';
export { throwAwayNetwork } from './throw-away.ts';
