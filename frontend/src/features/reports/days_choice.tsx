/** One day, one month, or days from and to: what a report of local days covers. */
import { DatePicker, Segmented } from "antd";
import dayjs, { type Dayjs } from "dayjs";
import { useWords } from "@/words";
import type { Address } from "./address";

const SPANS = ["day", "month", "range"] as const;
export type Span = (typeof SPANS)[number];
const FORMAT = "YYYY-MM-DD";
const LONGEST_DAYS = 31;

interface Props {
  span: Span;
  first: string;
  last: string;
  change: (changes: Address) => void;
}

export function spanOf(text: string | undefined): Span {
  return SPANS.find((span) => span === text) ?? "day";
}

function whole(span: Span, first: Dayjs, last: Dayjs): Address {
  const days = {
    day: [first, first],
    month: [first.startOf("month"), first.endOf("month")],
    range: [first, last],
  }[span];
  return { first: days[0]?.format(FORMAT), last: days[1]?.format(FORMAT) };
}

export function DaysChoice({ span, first, last, change }: Props) {
  const { t } = useWords();
  const begin = dayjs(first);
  const end = dayjs(last);
  return (
    <>
      <Segmented<Span>
        aria-label={t("reports.period")}
        value={span}
        onChange={(value) => change({ span: value === "day" ? undefined : value, ...whole(value, begin, end) })}
        options={SPANS.map((value) => ({ value, label: t(`reports.span_${value}`) }))}
      />
      {span === "range" ? (
        <DatePicker.RangePicker
          value={[begin, end]}
          allowClear={false}
          format={FORMAT}
          disabledDate={(day, { from }) => Boolean(from) && Math.abs(day.diff(from, "day")) >= LONGEST_DAYS}
          onChange={(days) => (days?.[0] && days[1] ? change(whole("range", days[0], days[1])) : undefined)}
        />
      ) : (
        <DatePicker
          key={span}
          picker={span === "month" ? "month" : "date"}
          aria-label={t(`reports.${span}`)}
          value={begin}
          allowClear={false}
          onChange={(day) => (day ? change(whole(span, day, day)) : undefined)}
        />
      )}
    </>
  );
}
