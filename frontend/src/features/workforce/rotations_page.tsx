/** The planner's list of applications to rotations and of those who are in one, with the decision. */
import { Button, Input, Modal, Segmented, type TableColumnsType } from "antd";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { decideOnMembership, fetchMemberships, fetchReasons, type Decision, type Membership } from "@/api/workforce";
import { useNotices } from "@/shared/notices";
import { PagedList } from "@/shared/paged_list";
import { Failure, Loading } from "@/shared/views";
import { useWords } from "@/words";
import { useMembershipColumns } from "./membership_columns";
import { RotationEffectsCard } from "./rotation_effects";

const STATES = ["applied", "approved", "refused", "withdrawn", "ended"] as const;
const LIST = ["rotation-memberships"];

interface Question {
  membership: Membership;
  decision: Decision;
}

/** Reading what somebody said of their life is written into the audit: it is fetched when asked for only. */
function Evidence({ membership }: { membership: Membership }) {
  const { t } = useWords();
  const [isWanted, setWanted] = useState(false);
  const reasons = useQuery({
    queryKey: ["rotation-reasons", membership.id],
    queryFn: () => fetchReasons(membership.id),
    enabled: isWanted,
    staleTime: Number.POSITIVE_INFINITY,
  });
  if (!membership.has_evidence) return <p className="quiet">{t("workforce.no_evidence")}</p>;
  if (!isWanted)
    return (
      <div className="row">
        <Button size="small" onClick={() => setWanted(true)} data-testid="read-evidence">
          {t("workforce.read_evidence")}
        </Button>
        <span className="quiet">{t("workforce.evidence_audited")}</span>
      </div>
    );
  if (reasons.isError) return <Failure error={reasons.error} retry={() => void reasons.refetch()} />;
  return reasons.data ? <p data-testid="evidence">{reasons.data.evidence}</p> : <Loading />;
}

function DecisionModal({ question, onClose }: { question: Question; onClose: () => void }) {
  const { t, text } = useWords();
  const { good, bad } = useNotices();
  const queries = useQueryClient();
  const [words, setWords] = useState("");
  const [isBusy, setBusy] = useState(false);
  const { membership, decision } = question;
  const isAsked = decision !== "approve";
  const decide = async () => {
    setBusy(true);
    try {
      await decideOnMembership(membership, decision, words);
      good(t(`workforce.done_${decision}`));
      onClose();
    } catch (error) {
      bad(error);
    } finally {
      setBusy(false);
      void queries.invalidateQueries({ queryKey: LIST });
    }
  };
  return (
    <Modal
      open
      title={t(`workforce.ask_${decision}`, { name: membership.agent_name, rotation: text(membership.rotation_name) })}
      okText={t(`workforce.do_${decision}`)}
      cancelText={t("general.cancel")}
      okButtonProps={{ danger: isAsked, disabled: isAsked && words.trim() === "", loading: isBusy }}
      onOk={() => void decide()}
      onCancel={onClose}
    >
      <div className="stack">
        <Evidence membership={membership} />
        <label className="field">
          <span>{t(isAsked ? "workforce.why" : "workforce.words_to_applicant")}</span>
          <Input.TextArea maxLength={2000} value={words} onChange={(event) => setWords(event.target.value)} />
        </label>
      </div>
    </Modal>
  );
}

export function RotationsPage() {
  const { t } = useWords();
  const [state, setState] = useState<(typeof STATES)[number]>("applied");
  const [question, setQuestion] = useState<Question | null>(null);
  const common = useMembershipColumns();
  const ask = (membership: Membership, decision: Decision) => (
    <Button
      size="small"
      type={decision === "approve" ? "primary" : "default"}
      onClick={() => setQuestion({ membership, decision })}
      data-testid={`do-${decision}`}
    >
      {t(`workforce.do_${decision}`)}
    </Button>
  );
  const columns: TableColumnsType<Membership> = [
    { title: t("workforce.agent"), dataIndex: "agent_name" },
    ...common,
    {
      title: t("general.actions"),
      render: (_, row) => (
        <div className="row">
          {row.state === "applied" ? ask(row, "approve") : null}
          {row.state === "applied" ? ask(row, "refuse") : null}
          {row.state === "approved" ? ask(row, "end") : null}
        </div>
      ),
    },
  ];
  return (
    <div className="page stack">
      <div className="page-head">
        <h1>{t("workforce.rotations")}</h1>
        <Segmented
          value={state}
          onChange={setState}
          options={STATES.map((value) => ({ value, label: t(`workforce.state_${value}`) }))}
        />
      </div>
      <p className="quiet">{t("workforce.rotations_hint")}</p>
      <PagedList<Membership>
        queryKey={[...LIST, state]}
        fetchPage={(cursor) => fetchMemberships({ state, cursor })}
        columns={columns}
        emptyHint={t("workforce.none_in_state")}
        isRenewed
      />
      <RotationEffectsCard />
      {question ? <DecisionModal question={question} onClose={() => setQuestion(null)} /> : null}
    </div>
  );
}
