import { createRuntime } from '@hamster/runtime';
import { expect, it } from 'vitest';
import { ExtrinsicMaker } from '../src/chain/extrinsic-maker.ts';
import { CALL_CASES, WITHOUT_CASE } from '../src/weights/cases/calls.ts';
import { TASK_CASES, TASKS_WITHOUT_CASE } from '../src/weights/cases/tasks.ts';

const { calls, registry } = new ExtrinsicMaker(createRuntime());

/** Names of the variants of each agenda's tasks, as "Pallet.Task"; of an agenda with one kind of them its own. */
function agendaTasks(): string[] {
  return registry.metadata.pallets.flatMap(({ name, storage }) => {
    const items = [...(storage.unwrapOr(undefined)?.items ?? [])];
    const names = new Set(items.map((item) => item.name.toString()));
    const agendas = items.filter((item) => names.has(`${item.name}Sequence`));
    return agendas.flatMap((agenda) => {
      const { def } = registry.lookup.getSiType(agenda.type.asMap.value);
      const tasks = def.isVariant ? def.asVariant.variants.map((variant) => variant.name) : [agenda.name];
      return tasks.map((task) => `${name}.${task}`);
    });
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
  const known = new Set([...TASK_CASES.map(({ task }) => task), ...Object.keys(TASKS_WITHOUT_CASE)]);
  expect(tasks.filter((task) => !known.has(task))).toEqual([]);
});
