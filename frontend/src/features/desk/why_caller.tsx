/** Why this caller came to this agent, and why then: in the words that supervisors read, by a click or a key. */
import { Button } from "antd";
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { useId, useState } from "react";
import { fetchReasons } from "@/api/desk";
import { DecisionList } from "@/shared/decisions";
import { clockText } from "@/shared/figures";
import { useHotkey, useKeyMap } from "@/shared/hotkeys";
import { QueryView } from "@/shared/views";
import { useWords } from "@/words";
import { untilKnown } from "./pop";

interface Props {
  contactId: string;
  /** Changes with the contact's state: one that comes back has come for other reasons. */
  stage: string;
}

function Reasons({ contactId, stage }: Props) {
  const { t } = useWords();
  const reasons = useQuery({
    queryKey: ["reasons", contactId, stage],
    queryFn: () => fetchReasons(contactId),
    placeholderData: keepPreviousData,
    ...untilKnown,
  });
  return (
    <QueryView query={reasons} rows={2}>
      {({ waited_ms: waitedMs, steps }) => (
        <>
          <span>{waitedMs < 1000 ? t("desk.why_at_once") : t("desk.why_waited", { wait: clockText(waitedMs) })}</span>
          <DecisionList steps={steps} />
        </>
      )}
    </QueryView>
  );
}

export function WhyThisCaller(props: Props) {
  const { t } = useWords();
  const keys = useKeyMap();
  const place = useId();
  const [isOpen, setOpen] = useState(false);
  const change = () => setOpen((was) => !was);
  useHotkey("why", change);
  return (
    <div className="stack" style={{ marginTop: 8 }}>
      <div>
        <Button size="small" aria-expanded={isOpen} aria-controls={place} onClick={change} data-testid="why-me">
          {t("desk.why")} <kbd>{keys.why}</kbd>
        </Button>
      </div>
      <div id={place} className="stack" aria-live="polite" data-testid="why-me-told">
        {isOpen ? <Reasons {...props} /> : null}
      </div>
    </div>
  );
}
