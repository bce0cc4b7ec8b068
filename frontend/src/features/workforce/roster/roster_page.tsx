/** Wireframe 4: who works when. The roster is chosen at the top; grid, curve and checks are of that one. */
import { Button, Select, Tag } from "antd";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useSearchParams } from "react-router";
import { fetchRoster, fetchRosters, type Roster } from "@/api/rosters";
import { EmptyState, Failure, Loading } from "@/shared/views";
import { useWords } from "@/words";
import { DemandChangedNote, type DoneDemand } from "./demand_changed";
import { NewRoster } from "./new_roster";
import { Planner } from "./planner";
import "./roster.css";

export function RosterPage() {
  const { t } = useWords();
  const queries = useQueryClient();
  const [address, setAddress] = useSearchParams();
  const [isMaking, setMaking] = useState(false);
  const [copyOf, setCopyOf] = useState<Roster | null>(null);
  const [done, setDone] = useState<DoneDemand | null>(null);
  const list = useQuery({ queryKey: ["rosters"], queryFn: fetchRosters });
  const rosters = list.data?.items ?? [];
  const id = address.get("roster") ?? rosters[0]?.id ?? null;
  const opened = useQuery({
    queryKey: ["roster", id],
    queryFn: () => fetchRoster(id ?? ""),
    enabled: id !== null,
    staleTime: Number.POSITIVE_INFINITY, // edits keep it new; it is fetched again when somebody else has changed it
    gcTime: 0,
    structuralSharing: false, // a new document is another roster as a whole
  });
  const renew = () => {
    void list.refetch();
    void queries.invalidateQueries({ queryKey: ["roster", id] });
  };
  const choose = (roster: string) => setAddress({ roster });
  const roster = rosters.find((one) => one.id === id);
  return (
    <div className="page stack roster-page">
      <div className="page-head">
        <h1>{t("roster.title")}</h1>
        {rosters.length > 0 ? (
          <Select
            aria-label={t("roster.which")}
            value={id}
            onChange={choose}
            style={{ minWidth: "16em" }}
            options={rosters.map((one) => ({
              value: one.id,
              label: `${one.name} · ${one.first_day} – ${one.last_day} · ${t(`roster.state_${one.state}`)}`,
            }))}
          />
        ) : null}
        {roster ? <Tag data-testid="roster-state">{t(`roster.state_${roster.state}`)}</Tag> : null}
        <Button onClick={() => setMaking(true)} data-testid="new-roster">
          {t("roster.make")}
        </Button>
        {roster ? (
          <Button
            onClick={() => {
              setCopyOf(roster);
              setMaking(true);
            }}
          >
            {t("general.copy")}
          </Button>
        ) : null}
      </div>
      {list.isError ? <Failure error={list.error} retry={() => void list.refetch()} /> : null}
      {list.isPending || (id !== null && opened.isPending) ? <Loading /> : null}
      {list.data && id === null ? <EmptyState hint={t("roster.none_yet")} /> : null}
      {opened.isError ? <Failure error={opened.error} retry={() => void opened.refetch()} /> : null}
      {opened.data && done?.rosterId === opened.data.id ? (
        <DemandChangedNote
          key={done.told.version}
          done={done}
          version={opened.data.version}
          onBack={() => {
            setDone(null);
            renew();
          }}
          onClose={() => setDone(null)}
        />
      ) : null}
      {opened.data ? (
        <Planner
          key={`${opened.data.id}-${opened.dataUpdatedAt}`}
          document={opened.data}
          rosters={rosters}
          onRenew={renew}
          onDemand={setDone}
        />
      ) : null}
      {isMaking ? (
        <NewRoster
          rosters={rosters}
          copyOf={copyOf}
          onMade={(made) => {
            setMaking(false);
            setCopyOf(null);
            void list.refetch();
            choose(made);
          }}
          onClose={() => {
            setMaking(false);
            setCopyOf(null);
          }}
        />
      ) : null}
    </div>
  );
}
