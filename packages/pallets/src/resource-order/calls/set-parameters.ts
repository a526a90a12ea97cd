import { setParametersCall } from '../../primitives/set-parameters.ts';
import { errors } from '../errors.ts';
import { events } from '../events.ts';
import { areParametersSound } from '../parameters.ts';
import { Parameters } from '../storage.ts';
import { Parameters as ParametersType } from '../types.ts';

export const setParameters = setParametersCall({
  index: 8,
  type: ParametersType,
  storage: Parameters,
  isSound: areParametersSound,
  invalid: errors.InvalidParameters,
  changed: events.ParametersSet,
});
