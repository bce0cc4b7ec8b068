/** Values of an attribute that contacts carry: one or several, of the kind given or chosen beside them. */
import { Form, Select } from "antd";
import { useQuery } from "@tanstack/react-query";
import { answer, client } from "@/api/client";
import { useWords } from "@/words";

/** What can be chosen for an attribute, the tenant's own before the standard values. */
export function useAttributeOptions(attribute: string | undefined) {
  const { text } = useWords();
  const choices = useQuery({
    queryKey: ["setup-all", "attribute-choices"],
    queryFn: () => answer(client.GET("/api/v1/admin/attribute-choices")),
    staleTime: 30_000,
  });
  const options = (choices.data ?? [])
    .filter((choice) => choice.kind === attribute)
    .map((choice) => ({ value: choice.code, label: `${text(choice.name)} (${choice.code})` }));
  return { options, isPending: choices.isPending };
}

interface Props {
  isSeveral?: boolean;
  attribute?: string;
  value?: string | string[];
  onChange?: (value: string | string[]) => void;
  id?: string;
}

export function AttributeValues({ isSeveral = false, attribute, value, onChange, id }: Props) {
  const kind = Form.useWatch<string | undefined>("kind");
  const { options, isPending } = useAttributeOptions(attribute ?? kind);
  return (
    <Select
      id={id}
      mode={isSeveral ? "multiple" : undefined}
      allowClear
      showSearch={{ optionFilterProp: "label" }}
      loading={isPending}
      value={value === "" ? undefined : value}
      options={options}
      onChange={(next?: string | string[]) => onChange?.(next ?? (isSeveral ? [] : ""))}
    />
  );
}
