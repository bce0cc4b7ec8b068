/** The columns that applications have for the planner and for the applicant alike. */
import { Tag, type TableColumnsType } from "antd";
import type { Membership } from "@/api/workforce";
import { momentText } from "@/shared/moments";
import { useWords } from "@/words";
import { useMemberWords } from "./rotation_words";

const COLOURS = {
  applied: "processing",
  approved: "success",
  refused: "error",
  withdrawn: "default",
  ended: "default",
};

export function useMembershipColumns(): TableColumnsType<Membership> {
  const { t, text } = useWords();
  const memberWords = useMemberWords();
  return [
    { title: t("workforce.rotation"), render: (_, row) => text(row.rotation_name) },
    {
      title: t("workforce.state"),
      render: (_, row) => <Tag color={COLOURS[row.state]}>{t(`workforce.state_${row.state}`)}</Tag>,
    },
    {
      title: t("workforce.term"),
      render: (_, row) => t("workforce.term_text", { first: row.valid_from, last: row.valid_to }),
    },
    {
      title: t("workforce.said"),
      render: (_, row) => memberWords(row).map((word) => <div key={word}>{word}</div>),
    },
    { title: t("workforce.applied_at"), render: (_, row) => momentText(row.applied_at) },
  ];
}
