import { MachineError, type MachineDriver, type MachineSpec } from '@hamster/machines';
import { PeerError, type ControlAnswer, type ControlCommand, type StatusAnswer } from '@hamster/p2p';
import type { MetricsAnswer } from '@hamster/p2p';
import type { LiveLease } from '../reconciler/work.ts';
import type { Choices } from './choices.ts';
import type { MachineGate } from './machine-gate.ts';
import { inTheRentersWords } from './refusals.ts';

export interface CommandModules {
  readonly driver: MachineDriver;
  readonly gate: MachineGate;
  readonly choices: Choices;
  /** Names of the images on offer. */
  readonly images: () => Promise<readonly string[]>;
}

type Answer = ControlAnswer<ControlCommand['name']>;
type Change = Exclude<ControlCommand, { name: 'status' | 'metrics' | 'ssh-keys' }>;

/** Carries out what renters ask of their machines. Throws PeerError with a sentence for the renter. */
export class Commands {
  readonly #modules: CommandModules;

  constructor(modules: CommandModules) {
    this.#modules = modules;
  }

  /** Changes of one machine exclude each other; looks are always answered. */
  run(command: ControlCommand, lease: LiveLease, signal: AbortSignal): Promise<Answer> {
    const leaseId = String(lease.id);
    return inTheRentersWords(leaseId, () => {
      switch (command.name) {
        case 'status':
          return this.#status(lease, signal);
        case 'metrics':
          return this.#metrics(leaseId, signal);
        case 'ssh-keys':
          return Promise.resolve({ keys: this.#keysOf(lease) });
        default:
          return this.#modules.gate.run(leaseId, command.name, () => this.#change(command, lease, signal));
      }
    });
  }

  async #change(command: Change, lease: LiveLease, signal: AbortSignal): Promise<Answer> {
    const { driver } = this.#modules;
    const leaseId = String(lease.id);
    switch (command.name) {
      case 'stop':
      case 'start':
      case 'reboot':
      case 'reset':
        await driver[command.name](leaseId, signal);
        break;
      case 'reinstall':
        await this.#checkImage(command.image);
        await driver.reinstall(leaseId, command.image, signal);
        break;
      case 'resize':
        await this.#resize(lease, command.spec, signal);
        break;
      case 'set-ssh-keys':
        return { effect: await this.#setKeys(leaseId, command.keys, signal) };
    }
    return {};
  }

  async #status(lease: LiveLease, signal: AbortSignal): Promise<StatusAnswer> {
    const { driver, gate } = this.#modules;
    const leaseId = String(lease.id);
    const machine = await driver.inspect(leaseId, signal);
    if (machine === undefined) throw new MachineError('MachineNotFound', 'not on this host');
    const { state } = await driver.status(leaseId, signal);
    const busyWith = gate.busyWith(leaseId);
    return {
      state,
      ...(busyWith !== undefined && { busyWith }),
      image: machine.image,
      size: sizeOf(machine),
      leased: sizeOf(lease.spec),
    };
  }

  async #metrics(leaseId: string, signal: AbortSignal): Promise<MetricsAnswer> {
    const { cpu, network, ...rest } = await this.#modules.driver.metrics(leaseId, signal);
    return {
      ...rest,
      cpu: { timeMs: Number(cpu.timeNs / 1_000_000n), percent: cpu.percent },
      ...(network && { network }),
    };
  }

  /** The chain knows one size of a lease, and what is paid for is the most that a machine can have. */
  async #resize(lease: LiveLease, wanted: MachineSpec, signal: AbortSignal): Promise<void> {
    const { driver, choices } = this.#modules;
    const leaseId = String(lease.id);
    const { cpuCores, memoryMib, diskGib } = lease.spec;
    if (wanted.cpuCores > cpuCores || wanted.memoryMib > memoryMib || wanted.diskGib > diskGib) {
      throw new PeerError(
        'COMMAND_REFUSED',
        `Lease ${leaseId} pays for ${cpuCores} ${cpuCores === 1 ? 'core' : 'cores'}, ${memoryMib} MiB of memory and ${diskGib} GiB of disk; the machine cannot have more. For a larger one, rent another`,
      );
    }
    await choices.change(leaseId, { size: wanted }, () => driver.resize(leaseId, wanted, signal));
  }

  #setKeys(leaseId: string, keys: readonly string[], signal: AbortSignal): Promise<'now' | 'next-start'> {
    const { driver, choices } = this.#modules;
    return choices.change(leaseId, { sshPublicKeys: [...keys] }, () =>
      driver.setSshKeys(leaseId, keys, signal),
    );
  }

  #keysOf({ id, sshPublicKey }: LiveLease): string[] {
    return this.#modules.choices.of(String(id)).sshPublicKeys ?? [sshPublicKey];
  }

  async #checkImage(image: string): Promise<void> {
    const offered = await this.#modules.images();
    if (offered.includes(image)) return;
    throw new PeerError(
      'COMMAND_REFUSED',
      `There is no image "${image}" here; the provider offers ${offered.join(', ') || 'none at present'}. Nothing was changed`,
    );
  }
}

function sizeOf({ cpuCores, memoryMib, diskGib }: MachineSpec): MachineSpec {
  return { cpuCores, memoryMib, diskGib };
}
