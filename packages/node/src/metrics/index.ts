export { startMetricsServer, type MetricsServer, type MetricsServerOptions } from './server.ts';
