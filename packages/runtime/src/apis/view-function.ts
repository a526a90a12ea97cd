import { toHex } from '@hamster/crypto';
import { concatBytes, type Context, type ViewFunction, viewFunctionsOf } from '@hamster/frame';
import { bytes, fixedBytes, type Infer, result, ScaleError, struct, variant } from '@hamster/scale';
import { type Api, method } from './method.ts';
import type { ApiParts } from './parts.ts';

const ViewFunctionId = struct('frame_support::view_functions::ViewFunctionId', {
  prefix: fixedBytes(16),
  suffix: fixedBytes(16),
});

const ViewFunctionDispatchError = variant('frame_support::view_functions::ViewFunctionDispatchError', {
  NotImplemented: null,
  NotFound: ViewFunctionId,
  Codec: null,
});

const ViewFunctionResult = result(bytes, ViewFunctionDispatchError);

type Answer = Infer<typeof ViewFunctionResult>;

const answer = (view: ViewFunction, ctx: Context, input: Uint8Array): Answer => {
  try {
    return { ok: true, value: view.call(ctx, input) };
  } catch (error) {
    if (error instanceof ScaleError) return { ok: false, error: { type: 'Codec' } };
    throw error;
  }
};

export const viewFunctionApi = ({ composition }: ApiParts): Api => {
  const views = viewFunctionsOf(composition.pallets);
  return {
    name: 'RuntimeViewFunction',
    docs: ['Questions that pallets answer; metadata V16 lists them.'],
    methods: [
      method('execute_view_function', {
        inputs: { query_id: ViewFunctionId, input: bytes },
        output: ViewFunctionResult,
        docs: 'Execute a view function query.',
        run(state, { query_id: id, input }): Answer {
          const view = views.get(toHex(concatBytes(id.prefix, id.suffix)));
          if (!view) return { ok: false, error: { type: 'NotFound', value: id } };
          return answer(view, composition.context(state), input);
        },
      }),
    ],
  };
};
