import { yamux, type YamuxMuxerInit } from '@chainsafe/libp2p-yamux';
import type { MultiaddrConnection, StreamMuxer, StreamMuxerFactory } from '@libp2p/interface';
import { PeerError } from '../errors.ts';

/** What a stream of the library's muxer is, behind its interface; the tests tell when an upgrade changes it. */
interface WindowedStream {
  /** Bytes that the other side may send in all, and those that it may still send. */
  readonly recvWindow: number;
  readonly recvWindowCapacity: number;
  /** 0 and 2 are those of a stream whose first frame has yet to be sent. */
  readonly state: number;
  sendWindowUpdate(): void;
}

interface StreamMaker {
  _newStream(...args: unknown[]): WindowedStream;
}

const NOT_OPEN_YET = [0, 2];

/**
 * The library's muxer, but for the answers to data: it gives back the window after every single frame, which through a gateway
 * are six more messages, each of them encrypted, for each that carries data. Here half a window is given back at once.
 */
export function calmYamux(init: YamuxMuxerInit): () => StreamMuxerFactory {
  const create = yamux(init);
  return () => {
    const factory = create();
    return {
      protocol: factory.protocol,
      createStreamMuxer: (connection: MultiaddrConnection) => calm(factory.createStreamMuxer(connection)),
    };
  };
}

function calm<M extends StreamMuxer>(muxer: M): M {
  const maker = known(muxer);
  const make = maker._newStream.bind(muxer);
  maker._newStream = (...args) => {
    const stream = make(...args);
    const update = stream.sendWindowUpdate.bind(stream);
    stream.sendWindowUpdate = () => {
      const used = stream.recvWindow - stream.recvWindowCapacity;
      if (NOT_OPEN_YET.includes(stream.state) || used * 2 >= stream.recvWindow) update();
    };
    return stream;
  };
  return muxer;
}

function known(muxer: object): StreamMaker {
  if ('_newStream' in muxer) return muxer as StreamMaker;
  throw new PeerError(
    'LIBRARY_CHANGED',
    'The stream muxer of this libp2p has other insides; use the pinned version',
  );
}
