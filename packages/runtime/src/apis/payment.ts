import { type DispatchEventInfo, type RuntimeCall, Weight } from '@hamster/frame';
import { FeeDetails, RuntimeDispatchInfo } from '@hamster/pallets';
import { type Type, u128, u32 } from '@hamster/scale';
import { payloadOf } from '../extrinsic/format.ts';
import { type Api, method } from './method.ts';
import { type ApiParts, decodeArgument } from './parts.ts';

const queries = (parts: ApiParts) => ({
  info: (info: DispatchEventInfo, length: number) => ({
    weight: info.weight,
    class: info.class,
    partial_fee: parts.fees.total(info, length),
  }),
  details: (info: DispatchEventInfo, length: number) => parts.fees.details(info, length),
});

/** A bare extrinsic costs nothing. */
const infoOfExtrinsic = (parts: ApiParts, argument: Uint8Array): DispatchEventInfo => {
  const { call, signed } = payloadOf(decodeArgument(parts, argument));
  const info = parts.composition.infoOf(call);
  return signed ? info : { ...info, pays_fee: { type: 'No' } };
};

const conversions = ({ fees }: ApiParts) => [
  method('query_weight_to_fee', {
    inputs: { weight: Weight },
    output: u128,
    docs: 'Query the output of the current `WeightToFee` given some input.',
    run: (_, { weight }) => fees.weightToFee(weight),
  }),
  method('query_length_to_fee', {
    inputs: { length: u32 },
    output: u128,
    docs: 'Query the output of the current `LengthToFee` given some input.',
    run: (_, { length }) => fees.lengthToFee(length),
  }),
];

export const paymentApi = (parts: ApiParts): Api => {
  const inputs = { uxt: parts.extrinsic, len: u32 };
  const { info, details } = queries(parts);
  return {
    name: 'TransactionPaymentApi',
    docs: ['Fees of extrinsics.'],
    methods: [
      method('query_info', {
        inputs,
        output: RuntimeDispatchInfo,
        docs: 'Weight, class and fee (without tip) of an extrinsic.',
        run: (_, { uxt, len }) => info(infoOfExtrinsic(parts, uxt), len),
      }),
      method('query_fee_details', {
        inputs,
        output: FeeDetails,
        docs: 'What the fee of an extrinsic is made of.',
        run: (_, { uxt, len }) => details(infoOfExtrinsic(parts, uxt), len),
      }),
      ...conversions(parts),
    ],
  };
};

export const paymentCallApi = (parts: ApiParts): Api => {
  const inputs = { call: parts.composition.outer.call as Type<RuntimeCall>, len: u32 };
  const { info, details } = queries(parts);
  return {
    name: 'TransactionPaymentCallApi',
    docs: ['Fees of calls that nobody has signed yet.'],
    methods: [
      method('query_call_info', {
        inputs,
        output: RuntimeDispatchInfo,
        docs: 'Query information of a dispatch class, weight, and fee of a given encoded `Call`.',
        run: (_, { call, len }) => info(parts.composition.infoOf(call), len),
      }),
      method('query_call_fee_details', {
        inputs,
        output: FeeDetails,
        docs: 'Query fee details of a given encoded `Call`.',
        run: (_, { call, len }) => details(parts.composition.infoOf(call), len),
      }),
      ...conversions(parts),
    ],
  };
};
