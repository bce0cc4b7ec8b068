/** The roster under the planner's hands: cells change at once, are sent in order, and come back judged.

What was done can be undone: an undo is the inverse edit, sent like any other. A refused edit is taken back. */
import { ApiError, OfflineError } from "@/api/http";
import type { Edited, RosterDocument, RosterEdit, RuleBreach } from "@/api/rosters";
import { cellsOf, dayAt, dayNumber, isSame, shiftOf, type Cell, type Change } from "./board";

type Step = readonly Change[];
export type Saving = "saved" | "saving" | "offline" | "stale";

interface Job {
  step: Step;
  isUndo: boolean;
  drops?: Drops;
}

/** What was agreed about a shift and goes with an edit: only after the planner has said so. */
type Drops = Partial<Record<"drops_overtime" | "drops_leave", boolean>>;

export interface Ends {
  send: (version: number, edits: RosterEdit[]) => Promise<Edited>;
  onRefused: (error: unknown) => void;
  /** Whether overtime or leaving early that was agreed and cannot stay goes. Without it, and after a no, nothing changes. */
  asksAgreed?: (error: ApiError) => Promise<boolean>;
  /** Waits before an offline edit is sent again. */
  pause?: (run: () => void) => void;
}

const MOST_EDITS = 500;
const AGREED: Readonly<Record<string, keyof Drops>> = {
  "workforce.roster_overtime": "drops_overtime",
  "workforce.roster_overtime_off": "drops_overtime",
  "workforce.roster_leave": "drops_leave",
};

export class RosterStore {
  readonly cells: Cell[];
  readonly minutes: number[];
  version: number;
  saving: Saving = "saved";
  /** Breaches by person; none for those that are not known yet. */
  readonly breaches = new Map<number, readonly RuleBreach[]>();
  readonly pending = new Set<number>();
  private undos: Step[] = [];
  private redos: Step[] = [];
  private queue: Job[] = [];
  private isSending = false;
  private revision = 0;
  private readonly rowRevisions: number[];
  private readonly listeners = new Set<() => void>();
  private readonly places: Map<string, number>;

  constructor(
    readonly document: RosterDocument,
    private readonly ends: Ends,
  ) {
    this.cells = cellsOf(document);
    this.version = document.version;
    this.minutes = document.people.map((_, person) => this.paidMinutes(person));
    this.rowRevisions = document.people.map(() => 0);
    this.places = new Map(document.people.map(({ id }, place) => [id, place]));
  }

  readonly subscribe = (listener: () => void): (() => void) => {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  };
  readonly getRevision = (): number => this.revision;
  rowRevision(person: number): number {
    return this.rowRevisions[person] ?? 0;
  }

  cell(person: number, day: number): Cell {
    return this.cells[person * this.document.days + day] ?? null;
  }
  isPending(person: number, day: number): boolean {
    return this.pending.has(person * this.document.days + day);
  }
  placeOf(agentId: string): number | undefined {
    return this.places.get(agentId);
  }
  get canUndo(): boolean {
    return this.undos.length > 0;
  }
  get canRedo(): boolean {
    return this.redos.length > 0;
  }

  /** Change cells; what is as it was is left out. Whether anything changes. */
  edit(wanted: readonly { person: number; day: number; cell: Cell }[]): boolean {
    const step = wanted
      .map(({ person, day, cell }) => ({ person, day, before: this.cell(person, day), after: cell }))
      .filter(({ before, after }) => !isSame(before, after));
    if (step.length === 0) return false;
    this.undos.push(step);
    this.redos = [];
    this.take({ step, isUndo: false });
    return true;
  }

  /** Take back the last step; its cells, or null when there is none. */
  undo(): Step | null {
    const step = this.undos.pop();
    if (!step) return null;
    this.redos.push(step);
    const inverse = step.map(({ person, day, before, after }) => ({ person, day, before: after, after: before }));
    this.take({ step: inverse, isUndo: true });
    return inverse;
  }

  redo(): Step | null {
    const step = this.redos.pop();
    if (!step) return null;
    this.undos.push(step);
    this.take({ step, isUndo: false });
    return step;
  }

  /** All breaches of the roster, unless it was edited since they were counted. */
  setBreaches(version: number, breaches: readonly RuleBreach[]): void {
    if (version !== this.version || this.pending.size > 0) return;
    const before = [...this.breaches.keys()];
    this.breaches.clear();
    for (const breach of breaches) {
      const person = this.placeOf(breach.agent_id);
      if (person !== undefined) this.breaches.set(person, [...(this.breaches.get(person) ?? []), breach]);
    }
    this.touch([...before, ...this.breaches.keys()]);
  }

  private take(job: Job): void {
    for (const { person, day, after } of job.step) {
      this.put(person, day, after);
      this.pending.add(person * this.document.days + day);
    }
    this.queue.push(job);
    this.touch(job.step.map(({ person }) => person));
    void this.sendNext();
  }

  private put(person: number, day: number, cell: Cell): void {
    const place = person * this.document.days + day;
    this.minutes[person] = (this.minutes[person] ?? 0) + (cell?.paid ?? 0) - (this.cells[place]?.paid ?? 0);
    this.cells[place] = cell;
  }

  private async sendNext(): Promise<void> {
    const job = this.queue[0];
    if (this.isSending || !job) return;
    this.isSending = true;
    this.saving = "saving";
    try {
      for (let first = 0; first < job.step.length; first += MOST_EDITS)
        this.answered(await this.ends.send(this.version, this.asEdits(job, first)));
      this.queue.shift();
      this.settled(job);
    } catch (error) {
      const gone = error instanceof ApiError ? AGREED[error.code] : undefined;
      const isAsked = gone !== undefined && this.ends.asksAgreed !== undefined;
      if (isAsked && (await this.ends.asksAgreed?.(error as ApiError))) this.drop(job, gone);
      else this.failed(job, error, !isAsked);
      if (error instanceof OfflineError) return;
    }
    this.isSending = false;
    void this.sendNext();
  }

  /** The step goes without it; an undo then asks for the shift alone, whose breaks are placed anew. */
  private drop(job: Job, gone: keyof Drops): void {
    const { step } = job;
    job.drops = { ...job.drops, [gone]: true };
    job.step = step.map((one) => ({ ...one, before: one.before && { ...one.before, breaks: [] } }));
    this.undos = this.undos.map((done) => (done === step ? job.step : done));
  }

  private asEdits({ step, drops }: Job, first: number): RosterEdit[] {
    const { people, kinds, first_day } = this.document;
    return step.slice(first, first + MOST_EDITS).map(({ person, day, after }) => ({
      agent_id: people[person]?.id ?? "",
      day: dayAt(first_day, day),
      shift_kind_id: after === null ? null : (kinds[after.kind]?.id ?? null),
      start: after?.start ?? null,
      breaks: after === null || after.breaks.length === 0 ? null : pairsOf(after.breaks),
      drops_overtime: drops?.drops_overtime ?? false,
      drops_leave: drops?.drops_leave ?? false,
    }));
  }

  private answered({ version, cells, breaches }: Edited): void {
    this.version = version;
    const touched = new Set<number>();
    const later = new Set(this.queue.slice(1).flatMap(({ step }) => step.map(({ person, day }) => `${person}/${day}`)));
    for (const [agentId, day, shift] of cells) {
      const person = this.placeOf(agentId);
      if (person === undefined) continue;
      const number = dayNumber(this.document.first_day, day);
      touched.add(person);
      // A cell that was changed again meanwhile stays as it is: its own answer comes.
      if (!later.has(`${person}/${number}`)) this.put(person, number, shift ? shiftOf([person, ...shift]) : null);
    }
    for (const person of touched) {
      const id = this.document.people[person]?.id;
      const own = breaches.filter(({ agent_id }) => agent_id === id);
      if (own.length > 0) this.breaches.set(person, own);
      else this.breaches.delete(person);
    }
    this.touch([...touched]);
  }

  private settled(job: Job): void {
    const waiting = new Set(this.queue.flatMap(({ step }) => step.map((one) => this.placeOfChange(one))));
    for (const change of job.step) {
      const place = this.placeOfChange(change);
      if (!waiting.has(place)) this.pending.delete(place);
    }
    this.saving = this.queue.length > 0 ? "saving" : "saved";
    this.touch(job.step.map(({ person }) => person));
  }

  private failed(job: Job, error: unknown, isTold: boolean): void {
    if (error instanceof OfflineError) {
      this.saving = "offline";
      this.touch([]);
      (this.ends.pause ?? ((run) => setTimeout(run, 3000)))(() => {
        this.isSending = false;
        void this.sendNext();
      });
      return;
    }
    // What was done after it may stand on it: all that waits is taken back, the last first.
    const waiting = this.queue.splice(0);
    for (const { step } of waiting.toReversed())
      for (const { person, day, before } of step) this.put(person, day, before);
    const dropped = new Set<Step>(waiting.map(({ step }) => step));
    this.undos = job.isUndo ? [] : this.undos.filter((step) => !dropped.has(step));
    this.redos = [];
    this.pending.clear();
    this.saving = error instanceof ApiError && error.status === 409 ? "stale" : "saved";
    this.touch(waiting.flatMap(({ step }) => step.map(({ person }) => person)));
    if (isTold) this.ends.onRefused(error);
  }

  private placeOfChange({ person, day }: Change): number {
    return person * this.document.days + day;
  }

  private paidMinutes(person: number): number {
    let paid = 0;
    for (let day = 0; day < this.document.days; day += 1) paid += this.cell(person, day)?.paid ?? 0;
    return paid;
  }

  private touch(people: readonly number[]): void {
    this.revision += 1;
    for (const person of people) this.rowRevisions[person] = this.revision;
    for (const listener of this.listeners) listener();
  }
}

function pairsOf(minutes: readonly number[]): [number, number][] {
  const pairs: [number, number][] = [];
  for (let n = 0; n + 1 < minutes.length; n += 2) pairs.push([minutes[n] ?? 0, minutes[n + 1] ?? 0]);
  return pairs;
}
