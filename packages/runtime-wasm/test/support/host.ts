import { blake2b128, blake2b256, twox64, verifySignature } from '@hamster/crypto';
import type { StateReader } from '@hamster/frame';
import { bytes, option } from '@hamster/scale';
import secp256k1 from 'secp256k1';

const Stored = option(bytes);

/** The program ended itself, as a panic of a runtime does. */
export class Aborted extends Error {
  override readonly name = 'Aborted';
}

/** Substrate's host functions over a state: what smoldot gives to a runtime, as far as ours asks for it. */
export class Host {
  readonly reads: Uint8Array[] = [];
  readonly #state: StateReader;
  #memory = new WebAssembly.Memory({ initial: 0 });
  #next = 0;

  constructor(state: StateReader) {
    this.#state = state;
  }

  /** The module's memory, and where the part begins that belongs to the host. */
  attach(memory: WebAssembly.Memory, heapBase: number): void {
    this.#memory = memory;
    this.#next = heapBase;
  }

  /** Puts bytes into the heap; their address. */
  write(content: Uint8Array): number {
    const address = this.#allocate(content.length);
    new Uint8Array(this.#memory.buffer).set(content, address);
    return address;
  }

  read(address: number, length: number): Uint8Array {
    return new Uint8Array(this.#memory.buffer).slice(address, address + length);
  }

  readSpan(span: bigint): Uint8Array {
    return this.read(Number(span & 0xffff_ffffn), Number((span >> 32n) & 0xffff_ffffn));
  }

  imports(): WebAssembly.Imports {
    return {
      ext_storage_get_version_1: (key: bigint) =>
        this.#writeSpan(Stored.encode(this.#get(this.readSpan(key)))),
      ext_allocator_malloc_version_1: (size: number) => this.#allocate(size),
      ext_hashing_blake2_128_version_1: (data: bigint) => this.write(blake2b128(this.readSpan(data))),
      ext_hashing_blake2_256_version_1: (data: bigint) => this.write(blake2b256(this.readSpan(data))),
      ext_hashing_twox_64_version_1: (data: bigint) => this.write(twox64(this.readSpan(data))),
      ext_crypto_sr25519_verify_version_2: this.#verify('sr25519'),
      ext_crypto_ed25519_verify_version_1: this.#verify('ed25519'),
      ext_crypto_secp256k1_ecdsa_recover_compressed_version_2: (signature: number, hash: number) =>
        this.#writeSpan(recover(this.read(signature, 65), this.read(hash, 32))),
      ext_panic_handler_abort_on_panic_version_1: (message: bigint) => {
        throw new Aborted(new TextDecoder().decode(this.readSpan(message)));
      },
    };
  }

  #get(key: Uint8Array): Uint8Array | undefined {
    this.reads.push(key);
    return this.#state.get(key);
  }

  #verify(scheme: 'sr25519' | 'ed25519') {
    return (signature: number, message: bigint, key: number): number =>
      Number(
        verifySignature({
          scheme,
          accountId: this.read(key, 32),
          message: this.readSpan(message),
          signature: this.read(signature, 64),
        }),
      );
  }

  #allocate(size: number): number {
    const address = this.#next;
    this.#next += (size + 7) & ~7;
    const missing = Math.ceil((this.#next - this.#memory.buffer.byteLength) / 65_536);
    if (missing > 0) this.#memory.grow(missing);
    return address;
  }

  #writeSpan(content: Uint8Array): bigint {
    return (BigInt(content.length) << 32n) | BigInt(this.write(content));
  }
}

const OK = 0;
const BAD_SIGNATURE = Uint8Array.of(1, 2);

const recover = (signature: Uint8Array, hash: Uint8Array): Uint8Array => {
  try {
    return Uint8Array.of(OK, ...secp256k1.ecdsaRecover(signature.subarray(0, 64), signature[64] ?? 4, hash));
  } catch {
    return BAD_SIGNATURE;
  }
};
