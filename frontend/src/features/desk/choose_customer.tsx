import { Button, Select } from "antd";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useDeferredValue, useState } from "react";
import { searchCustomers } from "@/api/customers";
import { chooseCustomer, type Pop } from "@/api/desk";
import { useNotices } from "@/shared/notices";
import { useWords } from "@/words";

interface Props {
  contactId: string;
  candidates: Pop["candidates"];
  onDone: () => void;
}

/** The caller is somebody we know: one of several with this number, or under another one. */
export function ChooseCustomer({ contactId, candidates, onDone }: Props) {
  const { t } = useWords();
  const { bad } = useNotices();
  const client = useQueryClient();
  const [search, setSearch] = useState("");
  const wanted = useDeferredValue(search.trim());
  const found = useQuery({
    queryKey: ["customers", wanted],
    queryFn: () => searchCustomers(wanted),
    enabled: wanted.length >= 2,
  });
  const choose = async (id: string) => {
    try {
      await chooseCustomer(contactId, id);
      await client.invalidateQueries({ queryKey: ["pop", contactId] });
      onDone();
    } catch (error) {
      bad(error);
    }
  };
  return (
    <div className="stack">
      {candidates.map((candidate) => (
        <Button key={candidate.id} onClick={() => void choose(candidate.id)}>
          {candidate.name} {candidate.number} {candidate.address}
        </Button>
      ))}
      <Select
        autoFocus
        showSearch={{ filterOption: false, onSearch: setSearch }}
        placeholder={t("desk.find_customer")}
        aria-label={t("desk.find_customer")}
        notFoundContent={wanted.length >= 2 && found.isSuccess ? t("desk.to_customer_search_none") : null}
        loading={found.isFetching}
        onChange={(id: string) => void choose(id)}
        options={(found.data?.items ?? []).map((customer) => ({
          value: customer.id,
          label: `${customer.name} ${customer.number} ${customer.address}`,
        }))}
      />
      <Button onClick={onDone}>{t("general.cancel")}</Button>
    </div>
  );
}
