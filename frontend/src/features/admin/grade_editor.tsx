/** The funnel grade of a business, beside what its difficulty, frequency and risk suggest. */
import { Button, Form, InputNumber } from "antd";
import { useQuery } from "@tanstack/react-query";
import { fetchGradeSuggestion } from "@/api/routing";
import { useWords } from "@/words";

interface Props {
  value?: number;
  onChange?: (value: number | null) => void;
  id?: string;
}

/** The grade with the suggestion for what the form says now; one click takes it into the form. */
export function GradeEditor({ value, onChange, id }: Props) {
  const { t, text } = useWords();
  const difficulty = Form.useWatch<number | undefined>("difficulty");
  const frequency = Form.useWatch<number | undefined>("frequency");
  const risk = Form.useWatch<number | undefined>("risk");
  const grading = difficulty && frequency && risk ? { difficulty, frequency, risk } : null;
  const query = useQuery({
    queryKey: ["grade-suggestion", grading],
    queryFn: () => fetchGradeSuggestion(grading ?? { difficulty: 1, frequency: 1, risk: 1 }),
    enabled: grading !== null,
  });
  const found = grading ? query.data : undefined;
  return (
    <div className="stack" style={{ gap: 4 }}>
      <div className="row">
        <InputNumber id={id} min={1} max={9} precision={0} style={{ width: 160 }} value={value} onChange={onChange} />
        {found && found.grade !== value ? (
          <Button onClick={() => onChange?.(found.grade)} data-testid="use-suggestion">
            {t("admin.grade_take", { n: found.grade })}
          </Button>
        ) : null}
      </div>
      <span className="quiet">
        {found ? t("admin.grade_suggested", { n: found.grade, reason: text(found.reason) }) : t("admin.grade_missing")}
      </span>
    </div>
  );
}
