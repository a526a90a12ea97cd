import { describe, it } from 'vitest';

/** Something that tests need from the host; `missing` says why it cannot be used, when it cannot. */
export type Requirement = { name: string; missing: string | undefined };

/** Asks `probe`, which throws when the thing is not there. */
export async function requirement(name: string, probe: () => Promise<unknown>): Promise<Requirement> {
  const missing = await probe().then(
    () => undefined,
    (error: unknown) => (error instanceof Error ? error.message : String(error)),
  );
  return { name, missing };
}

/**
 * A `describe` whose tests run when all `requirements` are met. When one is not, the report says which and why;
 * if HAMSTER_REQUIRE ("libvirt,docker,chromium") names it, that is a failure.
 */
export function describeWith(requirements: readonly Requirement[], title: string, body: () => void): void {
  const unmet = requirements.find(({ missing }) => missing !== undefined);
  if (unmet === undefined) return void describe(title, body);
  const reason = `${unmet.name} is not usable here: ${unmet.missing}`;
  if (!required().includes(unmet.name)) return void describe.skip(`${title} (${reason})`, body);
  describe(title, () => {
    it(`finds ${unmet.name}, which HAMSTER_REQUIRE names`, ({ expect }) => expect.fail(reason));
  });
}

function required(): string[] {
  return (process.env['HAMSTER_REQUIRE'] ?? '').split(',').map((name) => name.trim());
}
