/** One roster under the planner's hands: filters, acts, grid, curve, checks. */
import { Alert, Button, Checkbox, Input, Modal, Select } from "antd";
import { useMemo, useState, useSyncExternalStore } from "react";
import { ApiError } from "@/api/http";
import { editRoster, publishRoster, solveRoster, type Roster, type RosterDocument } from "@/api/rosters";
import { useNotices } from "@/shared/notices";
import { useWords } from "@/words";
import type { Change } from "./board";
import { ChecksPane } from "./checks_pane";
import { Comparison } from "./comparison";
import { useCursor } from "./cursor";
import { Curve } from "./curve";
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
}

const SOLVE_S = 120;

export function Planner({ document, rosters, onRenew }: Props) {
  const { t, text } = useWords();
  const { good, bad, warn } = useNotices();
  const [store] = useState(
    () =>
      new RosterStore(document, {
        send: (version, edits) => editRoster(document.id, version, edits),
        onRefused: (error) => {
          bad(error);
          if (error instanceof ApiError && error.status === 409) onRenew();
        },
      }),
  );
  const revision = useSyncExternalStore(store.subscribe, store.getRevision);
  const [filter, setFilter] = useState<Filter>(NO_FILTER);
  const [isComparing, setComparing] = useState(false);
  const [isPublishing, setPublishing] = useState(false);
  const [runId, setRunId] = useState<string | null>(null);
  const people = useMemo(
    () => document.people.map((_, place) => place).filter((place) => isShown(store, place, filter)),
    // eslint-disable-next-line react-hooks/exhaustive-deps -- who is broken changes in place, told by the revision
    [document, store, filter, filter.isBroken ? revision : 0],
  );
  const cursor = useCursor(people.length, document.days);
  const show = (person: number, day: number) => {
    const row = people.indexOf(person);
    if (person >= 0 && row < 0) setFilter(NO_FILTER);
    cursor.go({ row: person < 0 ? cursor.active.row : row < 0 ? person : row, day: Math.min(day, document.days - 1) });
  };
  const toStep = (step: readonly Change[] | null) => {
    const first = step?.[0];
    if (first) show(first.person, first.day);
    else warn(t("roster.nothing_to_undo"));
  };
  const undo = () => toStep(store.undo());
  const redo = () => toStep(store.redo());
  const broken = [...store.breaches.values()].reduce((sum, own) => sum + own.length, 0);
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
        <Input.Search
          aria-label={t("roster.find_person")}
          placeholder={t("roster.find_person")}
          allowClear
          style={{ width: "14em" }}
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
        <span className="quiet" role="status" data-testid="saving">
          {t(`roster.saving_${store.saving}`)}
        </span>
        <Button disabled={!store.canUndo} onClick={undo} data-testid="undo">
          {t("roster.undo")}
        </Button>
        <Button disabled={!store.canRedo} onClick={redo}>
          {t("roster.redo")}
        </Button>
        <Button disabled={!isDraft || runId !== null} onClick={() => void solve()}>
          {t("roster.solve")}
        </Button>
        <SolvedFigures roster={rosters.find(({ id }) => id === document.id)} document={document} />
        <Button onClick={() => setComparing(true)}>{t("roster.compare")}</Button>
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
      {isPublishing ? (
        <Modal
          open
          title={t("roster.publish_ask", { name: document.name })}
          okText={t("roster.publish_do")}
          cancelText={t("general.cancel")}
          okButtonProps={{ disabled: broken > 0 || store.saving !== "saved" }}
          onOk={() => void publish()}
          onCancel={() => setPublishing(false)}
        >
          {broken > 0 ? (
            <Alert type="error" showIcon title={t("roster.broken", { n: broken })} />
          ) : (
            <p>{t("roster.publish_says", { first: document.first_day, last: document.last_day })}</p>
          )}
        </Modal>
      ) : null}
    </>
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
