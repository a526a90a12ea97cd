export { escrowFor, pricePerHour, type HourlyPrices, type MachineSize } from './quote.ts';
export {
  costSoFar,
  endingEarly,
  type BillingRules,
  type EndingEarly,
  type RunningLease,
} from './running-cost.ts';
