import { createRuntime } from '@hamster/runtime';
import { expect, it } from 'vitest';
import { ExtrinsicMaker } from '../src/chain/extrinsic-maker.ts';
import { CALL_CASES, WITHOUT_CASE } from '../src/weights/cases/calls.ts';
import { TASK_CASES } from '../src/weights/cases/tasks.ts';

const { calls, registry } = new ExtrinsicMaker(createRuntime());

/** Names of the variants of each agenda's tasks, as "Pallet.Task". */
function agendaTasks(): string[] {
  return registry.metadata.pallets.flatMap(({ name, storage }) => {
    const agenda = storage.unwrapOr(undefined)?.items.find((item) => item.name.toString() === 'Agenda');
    if (!agenda) return [];
    const { variants } = registry.lookup.getSiType(agenda.type.asMap.value).def.asVariant;
    return variants.map((variant) => `${name}.${variant.name}`);
  });
}

it('the weight of every call is measured, or it is said why not', () => {
  const named = [...CALL_CASES.map(({ call }) => call), ...Object.keys(WITHOUT_CASE)];
  expect(calls.length).toBeGreaterThan(50);
  expect(named.toSorted()).toEqual(calls.toSorted());
});

it('the weight of every task that waits in an agenda is measured', () => {
  const tasks = agendaTasks();
  expect(tasks.length).toBeGreaterThan(7);
  expect(tasks.filter((task) => !TASK_CASES.some((each) => each.task === task))).toEqual([]);
});
