/** One roster under the planner's hands: filters, acts, grid, curve, checks. */
import { Alert, App, Button, Checkbox, Input, Modal, Select } from "antd";
import { useCallback, useEffect, useMemo, useRef, useState, useSyncExternalStore } from "react";
import { ApiError } from "@/api/http";
import { editRoster, publishRoster, solveRoster, type Roster, type RosterDocument } from "@/api/rosters";
import { useNotices } from "@/shared/notices";
import { useWords } from "@/words";
import type { Change } from "./board";
import { ChecksPane } from "./checks_pane";
import { Comparison } from "./comparison";
import { useCursor } from "./cursor";
import { Curve } from "./curve";
import { DemandEditor, demandNow } from "./demand_editor";
import type { DoneDemand } from "./demand_changed";
import { isShown, NO_FILTER, type Filter } from "./filter";
import { RosterGrid } from "./grid";
import { rotationMark } from "./sizes";
import { SolvedFigures } from "./solved_figures";
import { Solving } from "./solving";
import { RosterStore } from "./store";

interface Props {
  document: RosterDocument;
  rosters: readonly Roster[];
  onRenew: () => void;
  onDemand: (done: DoneDemand) => void;
}

const SOLVE_S = 120;

export function Planner({ document, rosters, onRenew, onDemand }: Props) {
  const { t, text } = useWords();
  const { good, bad, warn } = useNotices();
  const { modal } = App.useApp();
  const [store] = useState(
    () =>
      new RosterStore(document, {
        send: (version, edits) => editRoster(document.id, version, edits),
        onRefused: (error) => {
          bad(error);
          if (error instanceof ApiError && error.status === 409) onRenew();
        },
        asksAgreed: (error) =>
          new Promise((resolve) => {
            const isLeave = error.code === "workforce.roster_leave";
            void modal.confirm({
              title: t(isLeave ? "roster.leave_ask" : "roster.overtime_ask"),
              content: error.message,
              okText: t(isLeave ? "roster.leave_drop" : "roster.overtime_drop"),
              cancelText: t("general.cancel"),
              onOk: () => resolve(true),
              onCancel: () => resolve(false),
            });
          }),
      }),
  );
  const [filter, setFilter] = useState<Filter>(NO_FILTER);
  const revision = useSyncExternalStore(store.subscribe, () => (filter.isBroken ? store.getRevision() : 0));
  const [isComparing, setComparing] = useState(false);
  const [isChangingDemand, setChangingDemand] = useState(false);
  const [isPublishing, setPublishing] = useState(false);
  const [runId, setRunId] = useState<string | null>(null);
  const people = useMemo(
    () => document.people.map((_, place) => place).filter((place) => isShown(store, place, filter)),
    // eslint-disable-next-line react-hooks/exhaustive-deps -- who is broken changes in place, told by the revision
    [document, store, filter, revision],
  );
  const cursor = useCursor(people.length, document.days);
  const showNow = (person: number, day: number) => {
    const row = people.indexOf(person);
    if (person >= 0 && row < 0) setFilter(NO_FILTER);
    cursor.go({ row: person < 0 ? cursor.active.row : row < 0 ? person : row, day: Math.min(day, document.days - 1) });
  };
  const latest = useRef(showNow);
  useEffect(() => {
    latest.current = showNow;
  });
  const show = useCallback((person: number, day: number) => latest.current(person, day), []);
  const toStep = (step: readonly Change[] | null) => {
    const first = step?.[0];
    if (first) show(first.person, first.day);
    else warn(t("roster.nothing_to_undo"));
  };
  const undo = () => toStep(store.undo());
  const redo = () => toStep(store.redo());
  const publish = async () => {
    setPublishing(false);
    try {
      await publishRoster(document.id, store.version);
      good(t("roster.published"));
      onRenew();
    } catch (error) {
      bad(error);
    }
  };
  const solve = async () => {
    try {
      const { run_id } = await solveRoster(document.id, {
        version: store.version,
        cpu_limit_s: SOLVE_S,
        is_incremental: document.shifts.length > 0,
      });
      setRunId(run_id);
    } catch (error) {
      bad(error);
    }
  };
  const isDraft = document.state === "draft";
  return (
    <>
      <div className="row">
        <Input
          aria-label={t("roster.find_person")}
          placeholder={t("roster.find_person")}
          allowClear
          style={{ width: "16em" }}
          onChange={(event) => setFilter({ ...filter, words: event.target.value })}
        />
        <FilterChoice
          label={t("roster.skill_or_brand")}
          names={document.skills.map(({ name }) => text(name))}
          value={filter.skill}
          onChange={(skill) => setFilter({ ...filter, skill })}
        />
        <FilterChoice
          label={t("roster.team")}
          names={document.teams.map(({ name }) => text(name))}
          value={filter.team}
          onChange={(team) => setFilter({ ...filter, team })}
        />
        <FilterChoice
          label={t("roster.rotation")}
          names={document.rotations.map(({ name }) => text(name))}
          value={filter.rotation}
          onChange={(rotation) => setFilter({ ...filter, rotation })}
        />
        <Checkbox
          checked={filter.isBroken}
          onChange={(event) => setFilter({ ...filter, isBroken: event.target.checked })}
        >
          {t("roster.only_broken")}
        </Checkbox>
        <Keeping store={store} onUndo={undo} onRedo={redo} />
        <Button disabled={!isDraft || runId !== null} onClick={() => void solve()}>
          {t("roster.solve")}
        </Button>
        <SolvedFigures roster={rosters.find(({ id }) => id === document.id)} document={document} />
        <Button
          disabled={document.state === "replaced"}
          onClick={() => setChangingDemand(true)}
          data-testid="change-demand"
        >
          {t("roster.people_wanted")}
        </Button>
        <Button onClick={() => setComparing(true)} data-testid="compare">
          {t("roster.compare")}
        </Button>
        <Button type="primary" disabled={!isDraft} onClick={() => setPublishing(true)} data-testid="publish">
          {t("roster.publish")}
        </Button>
      </div>
      {runId ? (
        <Solving
          runId={runId}
          onEnded={(isDone) => {
            setRunId(null);
            if (isDone) onRenew();
          }}
        />
      ) : null}
      <div className="roster-split">
        <div className="stack roster-main">
          <Curve store={store} day={cursor.active.day} />
          <RosterGrid store={store} people={people} cursor={cursor} onUndo={undo} onRedo={redo} />
          <p className="quiet roster-legend">
            {t("roster.keys")}{" "}
            {document.rotations.map(({ code, name }) => `${rotationMark(code)} ${text(name)}`).join(" · ")}
          </p>
        </div>
        <ChecksPane store={store} onShow={show} />
      </div>
      {isComparing ? <Comparison document={document} rosters={rosters} onClose={() => setComparing(false)} /> : null}
      {isChangingDemand ? (
        <DemandEditor
          document={document}
          version={store.version}
          onClose={() => setChangingDemand(false)}
          onChanged={(told) => {
            onDemand({ rosterId: document.id, former: demandNow(document), told });
            onRenew();
          }}
        />
      ) : null}
      {isPublishing ? (
        <Publication store={store} onPublish={() => void publish()} onClose={() => setPublishing(false)} />
      ) : null}
    </>
  );
}

/** Whether all is saved, and what can be taken back: the only acts that change with each key. */
function Keeping({ store, onUndo, onRedo }: { store: RosterStore; onUndo: () => void; onRedo: () => void }) {
  const { t } = useWords();
  useSyncExternalStore(store.subscribe, store.getRevision);
  return (
    <>
      <span className="quiet" role="status" data-testid="saving">
        {t(`roster.saving_${store.saving}`)}
      </span>
      <Button disabled={!store.canUndo} onClick={onUndo} data-testid="undo">
        {t("roster.undo")}
      </Button>
      <Button disabled={!store.canRedo} onClick={onRedo}>
        {t("roster.redo")}
      </Button>
    </>
  );
}

function Publication({
  store,
  onPublish,
  onClose,
}: {
  store: RosterStore;
  onPublish: () => void;
  onClose: () => void;
}) {
  const { t } = useWords();
  useSyncExternalStore(store.subscribe, store.getRevision);
  const { name, first_day, last_day } = store.document;
  const broken = [...store.breaches.values()].reduce((sum, own) => sum + own.length, 0);
  return (
    <Modal
      open
      title={t("roster.publish_ask", { name })}
      okText={t("roster.publish_do")}
      cancelText={t("general.cancel")}
      okButtonProps={{ disabled: broken > 0 || store.saving !== "saved" }}
      onOk={onPublish}
      onCancel={onClose}
    >
      {broken > 0 ? (
        <Alert type="error" showIcon title={t("roster.broken", { n: broken })} />
      ) : (
        <p>{t("roster.publish_says", { first: first_day, last: last_day })}</p>
      )}
    </Modal>
  );
}

interface ChoiceProps {
  label: string;
  names: readonly string[];
  value: number | null;
  onChange: (value: number | null) => void;
}

function FilterChoice({ label, names, value, onChange }: ChoiceProps) {
  return (
    <Select
      aria-label={label}
      placeholder={label}
      allowClear
      value={value}
      style={{ minWidth: "9em" }}
      onChange={(chosen: number | null | undefined) => onChange(chosen ?? null)}
      options={names.map((name, place) => ({ value: place, label: name }))}
    />
  );
}
