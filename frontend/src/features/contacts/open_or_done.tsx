/** A list of what is still to be done, or of what is done by now. */
import { Segmented, type TableColumnsType } from "antd";
import { useState } from "react";
import { useBoard } from "@/live/hooks";
import { PagedList, type Page } from "@/shared/paged_list";
import { useWords } from "@/words";

interface Props<Row> {
  title: string;
  hint: string;
  emptyHint: string;
  name: string;
  fetchPage: (isDone: boolean, cursor: string | undefined) => Promise<Page<Row>>;
  useColumns: (isDone: boolean) => TableColumnsType<Row>;
}

export function OpenOrDone<Row extends object>({ title, hint, emptyHint, name, fetchPage, useColumns }: Props<Row>) {
  const { t } = useWords();
  useBoard("wallboard");
  const [isDone, setDone] = useState(false);
  const columns = useColumns(isDone);
  return (
    <div className="page stack">
      <div className="page-head">
        <h1>{title}</h1>
        <Segmented<boolean>
          value={isDone}
          onChange={setDone}
          options={[
            { value: false, label: t("contacts.open_ones") },
            { value: true, label: t("contacts.done_ones") },
          ]}
        />
        <span className="quiet">{hint}</span>
      </div>
      <PagedList<Row>
        queryKey={[name, isDone]}
        fetchPage={(cursor) => fetchPage(isDone, cursor)}
        columns={columns}
        emptyHint={emptyHint}
        isRenewed
      />
    </div>
  );
}
