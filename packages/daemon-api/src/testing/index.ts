export { ApiContract, type Ask, type ServedApi } from './api-contract.ts';
export { readExposition, type MetricFamily } from './exposition.ts';
export { expectHostileBodiesRefused } from './hostile-bodies.ts';
export { expectStrangersRefused } from './strangers.ts';
