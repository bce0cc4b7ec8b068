/** Values of an attribute that contacts carry: one or several, of the kind chosen beside them. */
import { Form, Select } from "antd";
import { useQuery } from "@tanstack/react-query";
import { answer, client } from "@/api/client";
import { useWords } from "@/words";

interface Props {
  isSeveral?: boolean;
  value?: string | string[];
  onChange?: (value: string | string[]) => void;
  id?: string;
}

export function AttributeValues({ isSeveral = false, value, onChange, id }: Props) {
  const { text } = useWords();
  const kind = Form.useWatch<string | undefined>("kind");
  const choices = useQuery({
    queryKey: ["setup-all", "attribute-choices"],
    queryFn: () => answer(client.GET("/api/v1/admin/attribute-choices")),
    staleTime: 30_000,
  });
  const options = (choices.data ?? [])
    .filter((choice) => choice.kind === kind)
    .map((choice) => ({ value: choice.code, label: `${text(choice.name)} (${choice.code})` }));
  return (
    <Select
      id={id}
      mode={isSeveral ? "multiple" : undefined}
      allowClear
      showSearch={{ optionFilterProp: "label" }}
      loading={choices.isPending}
      value={value === "" ? undefined : value}
      options={options}
      onChange={(next?: string | string[]) => onChange?.(next ?? (isSeveral ? [] : ""))}
    />
  );
}
