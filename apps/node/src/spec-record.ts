import { rm } from 'node:fs/promises';
import { readJsonState, Type, writeJsonState, type Static } from '@hamster/daemon';
import type { ChainOutline } from '@hamster/node';
import { OUTLINE } from './chain-specs.ts';

const RECORD = Type.Object({
  path: Type.String(),
  state: Type.String(),
  genesisSource: Type.String(),
  slotDuration: Type.Integer({ minimum: 1 }),
  outline: Type.Object(OUTLINE),
});

/** What a start needs to know of a spec file that it does not read. */
export type SpecRecord = Static<typeof RECORD>;

/** Undefined also for a record that is damaged, or of another version: then the spec is read. */
export async function recall(file: string): Promise<SpecRecord | undefined> {
  return readJsonState(file, RECORD).catch(() => undefined);
}

export interface Recognition extends Omit<SpecRecord, 'outline'> {
  readonly spec: ChainOutline;
}

export async function remember(file: string, { spec, ...rest }: Recognition): Promise<void> {
  const { name, id, chainType, properties, bootNodes, protocolId } = spec;
  const outline = {
    ...{ name, id, chainType, properties },
    ...(bootNodes && { bootNodes }),
    ...(protocolId !== undefined && { protocolId }),
  };
  await writeJsonState(file, { ...rest, outline });
}

export const forget = (file: string): Promise<void> => rm(file, { force: true });
