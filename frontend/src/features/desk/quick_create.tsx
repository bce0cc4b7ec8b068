import { Button, Input, Segmented } from "antd";
import { useQueryClient } from "@tanstack/react-query";
import { useMemo, useState } from "react";
import { createCustomer, type NewCustomer } from "@/api/customers";
import { chooseCustomer } from "@/api/desk";
import { uuid7 } from "@/live/uuid7";
import { DraftStatusText, useStructuredDraft } from "@/shared/draft_hooks";
import { useNotices } from "@/shared/notices";
import { useWords } from "@/words";

const EMPTY = { name: "", kind: "person" as NewCustomer["kind"], phone: "", address: "" };

interface Props {
  contactId: string;
  /** As a written contact names itself; nobody types it again. */
  sender: string;
  onDone: () => void;
}

/** A customer from a name alone; the calling number is linked by the server, more can be filled in later. */
export function QuickCreate({ contactId, sender, onDone }: Props) {
  const { t } = useWords();
  const { good, bad } = useNotices();
  const client = useQueryClient();
  const empty = useMemo(() => ({ ...EMPTY, name: sender }), [sender]);
  const [form, change, draft] = useStructuredDraft(contactId, "customer", empty);
  const [key] = useState(() => uuid7());
  const [isBusy, setBusy] = useState(false);
  const create = async () => {
    setBusy(true);
    const phones = form.phone ? [{ number: form.phone, label: "" }] : [];
    const addresses = form.address ? [{ text: form.address }] : [];
    try {
      const customer = await createCustomer({ name: form.name, kind: form.kind, phones, addresses }, key);
      await chooseCustomer(contactId, customer.id, true);
      draft.clear();
      good(t("desk.created"));
      await client.invalidateQueries({ queryKey: ["pop", contactId] });
      onDone();
    } catch (error) {
      bad(error);
    } finally {
      setBusy(false);
    }
  };
  return (
    <div className="stack">
      <Segmented<NewCustomer["kind"]>
        value={form.kind}
        onChange={(kind) => change({ ...form, kind })}
        options={[
          { value: "person", label: t("desk.person") },
          { value: "organisation", label: t("desk.organisation") },
        ]}
      />
      <label className="field">
        <span>{t("general.name")}</span>
        <Input autoFocus value={form.name} onChange={(event) => change({ ...form, name: event.target.value })} />
      </label>
      <label className="field">
        <span>{t("contacts.number")}</span>
        <Input
          value={form.phone}
          inputMode="tel"
          onChange={(event) => change({ ...form, phone: event.target.value.trim() })}
        />
      </label>
      <label className="field">
        <span>{t("desk.address")}</span>
        <Input value={form.address} onChange={(event) => change({ ...form, address: event.target.value })} />
      </label>
      <div className="row">
        <Button type="primary" disabled={!form.name.trim()} loading={isBusy} onClick={() => void create()}>
          {t("general.save")}
        </Button>
        <Button onClick={onDone}>{t("general.cancel")}</Button>
        <DraftStatusText draft={draft} />
      </div>
    </div>
  );
}
