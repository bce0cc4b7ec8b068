import { useEffect, useState } from "react";
import type { LineQuality } from "@/softphone/phone";
import { usePhone } from "@/softphone/hooks";
import { useWords } from "@/words";

type Grade = "good" | "fair" | "poor";

/** Loss above 5 % or jitter above 60 ms is heard by everyone, 1 % and 30 ms by some. */
export function gradeOf(quality: LineQuality): Grade {
  const total = quality.packetsReceived + quality.packetsLost;
  const loss = total > 0 ? quality.packetsLost / total : 0;
  if (loss > 0.05 || quality.jitterMs > 60) return "poor";
  return loss > 0.01 || quality.jitterMs > 30 ? "fair" : "good";
}

export function LineQualityText() {
  const { t } = useWords();
  const { phone, state } = usePhone();
  const [grade, setGrade] = useState<Grade | null>(null);
  useEffect(() => {
    if (state.call !== "talking") return;
    const look = () => void phone.quality().then((quality) => setGrade(quality && gradeOf(quality)));
    const timer = setInterval(look, 3000);
    return () => clearInterval(timer);
  }, [phone, state.call]);
  return state.call === "talking" && grade ? <span className="quiet">{t(`desk.line_${grade}`)}</span> : null;
}
