import { method } from '../protocol/method.ts';

/** Clients choose what they use by this list, so it names exactly what works. */
export const rpc_methods = method([], (call) => ({ methods: call.methodNames() }));
