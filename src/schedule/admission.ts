import type { Gpu } from '../machine/gpus.ts';
import { type Allocation, availableShare, type Capacity, type Demand, shareOn } from './demand.ts';

/** A place in the order of jobs: compared part by part. */
export interface Order {
  /** Short jobs that others wait for go before all others. */
  readonly urgent: boolean;
  /** Seconds of the longest path from here to the end of the pipeline, by past timings: the longest goes first. */
  readonly path: number;
  /** Rounds go one after another: the first fold of every combination before the second of any. */
  readonly round: number;
  /** Seconds that the job takes by past timings: of one round the longest goes first. */
  readonly seconds: number;
}

/** A job that waits for room, or has it. */
export interface Ticket {
  /** Asked for again each time: a job class whose memory was measured meanwhile wants less, or more. */
  readonly demand: () => Demand;
  readonly order: Order;
}

interface Entry {
  readonly ticket: Ticket;
  readonly sequence: number;
}

/** Jobs behind one that does not fit which are tried in its stead; a bound, so that a long queue costs little. */
const lookAhead = 200;

function before(one: Entry, other: Entry): boolean {
  const a = one.ticket.order;
  const b = other.ticket.order;
  if (a.urgent !== b.urgent) return a.urgent;
  if (a.path !== b.path) return a.path > b.path;
  if (a.round !== b.round) return a.round < b.round;
  if (a.seconds !== b.seconds) return a.seconds > b.seconds;
  return one.sequence < other.sequence;
}

/** What is left of the machine: CPU slots, bytes of memory, thousandths of each GPU. */
interface Room {
  cpus: number;
  memory: number;
  readonly shares: Map<Gpu, number>;
}

/**
 * Who may run next, over CPU slots, memory and shares of GPUs. Pure: the scheduler and the simulation of a run use it.
 *
 *   add ──▶ waiting, in order ──admit──▶ running ──release──▶ gone
 *
 * The first job that does not fit keeps a claim: those behind it run only on what is left when it has its room, so that
 * small ones use gaps and nobody starves. Jobs that want the machine for themselves wait until no other runs or waits:
 * they never hold others up.
 */
export class Admission {
  readonly #capacity: Capacity;
  readonly #free: Room;
  readonly #shared: Entry[] = [];
  readonly #exclusive: Entry[] = [];
  readonly #running = new Map<Ticket, { readonly allocation: Allocation; readonly behind: Ticket | undefined }>();
  #sequence = 0;

  constructor(capacity: Capacity) {
    this.#capacity = capacity;
    this.#free = this.#whole();
  }

  /** Jobs that have room. */
  get running(): number {
    return this.#running.size;
  }

  add(ticket: Ticket): void {
    const entry = { ticket, sequence: this.#sequence++ };
    const queue = ticket.demand().exclusive ? this.#exclusive : this.#shared;
    let low = 0;
    let high = queue.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (before(entry, queue[middle] as Entry)) high = middle;
      else low = middle + 1;
    }
    queue.splice(low, 0, entry);
  }

  /** Takes a job out that waits no longer. */
  withdraw(ticket: Ticket): void {
    for (const queue of [this.#shared, this.#exclusive]) {
      const index = queue.findIndex((entry) => entry.ticket === ticket);
      if (index >= 0) queue.splice(index, 1);
    }
  }

  release(ticket: Ticket): void {
    const running = this.#running.get(ticket);
    if (running === undefined) return;
    this.#running.delete(ticket);
    change(this.#free, running.allocation, 1);
  }

  /** Gives room to all jobs that may run now. */
  admit(): { readonly ticket: Ticket; readonly allocation: Allocation }[] {
    const admitted: { ticket: Ticket; allocation: Allocation }[] = [];
    if ([...this.#running.values()].some(({ allocation }) => allocation.exclusive)) return admitted;
    let head: { readonly ticket: Ticket; readonly left: Room } | undefined;
    for (let index = 0, tried = 0; index < this.#shared.length && tried < lookAhead && this.#free.cpus > 0; ) {
      const { ticket } = this.#shared[index] as Entry;
      const allocation = place(
        ticket.demand(),
        this.#capacity,
        head === undefined ? [this.#free] : [this.#free, head.left],
      );
      if (allocation !== undefined) {
        this.#shared.splice(index, 1);
        this.#take(ticket, allocation, head?.ticket);
        if (head !== undefined) change(head.left, allocation, -1);
        admitted.push({ ticket, allocation });
        continue;
      }
      head ??= { ticket, left: this.#leftBeside(ticket) };
      index++;
      tried++;
    }
    const [alone] = this.#exclusive;
    if (this.#running.size > 0 || this.#shared.length > 0 || alone === undefined) return admitted;
    const allocation = place(alone.ticket.demand(), this.#capacity, [this.#free]);
    if (allocation === undefined) return admitted;
    this.#exclusive.shift();
    this.#take(alone.ticket, allocation, undefined);
    return [...admitted, { ticket: alone.ticket, allocation }];
  }

  #take(ticket: Ticket, allocation: Allocation, behind: Ticket | undefined): void {
    this.#running.set(ticket, { allocation, behind });
    change(this.#free, allocation, -1);
  }

  /** What jobs behind the one that waits may take: all but its claim and what others behind it have already. */
  #leftBeside(waiting: Ticket): Room {
    const room = this.#whole();
    for (const { allocation, behind } of this.#running.values()) if (behind === waiting) change(room, allocation, -1);
    // The GPU that is emptiest now is the one that it will get: its place is kept there.
    const claim = place(waiting.demand(), this.#capacity, [room], this.#free);
    if (claim !== undefined) change(room, claim, -1);
    return room;
  }

  #whole(): Room {
    const { cpus, memory, gpus } = this.#capacity;
    return { cpus, memory, shares: new Map(gpus.map((gpu) => [gpu, availableShare(gpu)])) };
  }
}

function change(room: Room, { cpus, memory, gpu, share }: Allocation, direction: 1 | -1): void {
  room.cpus += direction * cpus;
  room.memory += direction * memory;
  if (gpu !== undefined) room.shares.set(gpu, (room.shares.get(gpu) ?? 0) + direction * share);
}

/** An allocation that fits into all of these rooms; on the GPU that is emptiest in `prefer`: jobs spread before they share. */
function place(demand: Demand, capacity: Capacity, rooms: readonly Room[], prefer = rooms[0]): Allocation | undefined {
  const cpus = Math.min(demand.cpus, capacity.cpus);
  const memory = Math.min(demand.memory, capacity.memory);
  if (rooms.some((room) => cpus > room.cpus || memory > room.memory)) return undefined;
  const { exclusive, gpu: wanted } = demand;
  if (wanted === undefined || capacity.gpus.length === 0) return { cpus, memory, share: 0, wholeGpu: false, exclusive };
  const fitting = capacity.gpus
    .map((gpu) => ({ gpu, share: shareOn(gpu, wanted), free: prefer?.shares.get(gpu) ?? 0 }))
    .filter(({ gpu, share }) => rooms.every((room) => (room.shares.get(gpu) ?? 0) >= share));
  const [first, ...others] = fitting;
  if (first === undefined) return undefined;
  const { gpu, share } = others.reduce((best, next) => (next.free > best.free ? next : best), first);
  return { cpus, memory, gpu, share, wholeGpu: share === availableShare(gpu), exclusive };
}
