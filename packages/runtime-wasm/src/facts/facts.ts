import type { Runtime, RuntimeVersion } from '@hamster/frame';
import { u32 } from '@hamster/scale';
import { CostFinder, type PalletCalls } from './costs.ts';
import { type Limits, readLimits } from './limits.ts';
import { type MetadataFacts, readMetadata } from './metadata.ts';
import { type FeeRates, type Oracle, oracleOf } from './oracle.ts';
import { sampleOf } from './sample.ts';

/** All that the program is generated from; nothing of it is known to the generator beforehand. */
export interface RuntimeFacts {
  readonly version: RuntimeVersion;
  readonly oracle: Oracle;
  readonly metadata: MetadataFacts;
  readonly metadataHash: Uint8Array | undefined;
  readonly calls: readonly PalletCalls[];
  readonly limits: Limits;
  readonly feeRates: FeeRates;
  /** Answers of `Metadata_metadata_at_version`. */
  readonly metadataAt: ReadonlyMap<number, Uint8Array>;
}

/** The version of metadata that has runtime APIs, and that today's codecs read. */
const READ_VERSION = 15;

export const readRuntime = (runtime: Runtime): RuntimeFacts => {
  const oracle = oracleOf(runtime);
  const metadata = readMetadata(runtime.metadata(READ_VERSION));
  return {
    version: runtime.version,
    oracle,
    metadata,
    metadataHash: runtime.metadataHash,
    calls: new CostFinder(metadata, oracle).calls(),
    limits: readLimits(metadata),
    feeRates: oracle.feeRates(sampleOf(metadata, metadata.callType).bytes),
    metadataAt: new Map(
      oracle
        .metadataVersions()
        .map((version) => [version, oracle.ask('Metadata_metadata_at_version', u32.encode(version))]),
    ),
  };
};
