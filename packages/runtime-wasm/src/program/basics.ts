import { type Body, call, i32, span, type WasmModule } from '../emit/index.ts';
import type { Host } from './host.ts';

/** Longest thing that is read without a look at its length: 65 bytes of a signature. */
const LONGEST_FIXED = 128;

/** Copying, and the end of a call that cannot be answered. */
export const basics = (module: WasmModule, host: Host) => {
  const { memory } = module;
  return {
    /** Reads that go too far go here. */
    zeros: memory.reserve(LONGEST_FIXED),
    /** To, from, length. */
    copy: module.function(['i32', 'i32', 'i32'], 'none', (body, to, from, length) => {
      const index = body.local('i32');
      body.while(i32.lt(index, length), () => {
        body.store8(i32.add(to, index), i32.load8(i32.add(from, index)));
        body.set(index, i32.add(index, 1));
      });
    }),
    /** Left, right, length → whether all bytes are the same. */
    isSame: module.function(['i32', 'i32', 'i32'], 'i32', (body, left, right, length) => {
      const index = body.local('i32');
      body.while(i32.lt(index, length), () => {
        body.if(i32.ne(i32.load8(i32.add(left, index)), i32.load8(i32.add(right, index))), () =>
          body.return(0),
        );
        body.set(index, i32.add(index, 1));
      });
      body.return(1);
    }),
    /** Ends the call; the client is told why. */
    fail(body: Body, reason: string): void {
      const message = new TextEncoder().encode(reason);
      body.run(call(host.abort, span(memory.data(message), message.length)));
      body.trap();
    },
  };
};

export type Basics = ReturnType<typeof basics>;
