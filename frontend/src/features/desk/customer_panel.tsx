/** Who calls: the record, or a quick way to make one or find one. */
import { Button, Tag } from "antd";
import { useQueryClient } from "@tanstack/react-query";
import { useState, type ReactNode } from "react";
import type { Customer } from "@/api/customers";
import type { Pop } from "@/api/desk";
import { SimulatedBadge } from "@/shared/badges";
import { MaskedPhone } from "@/shared/masked_phone";
import { useMay } from "@/shared/session";
import { isWord, useWords } from "@/words";
import { ChooseCustomer } from "./choose_customer";
import { SteeringDrawer, SteeringFacts, useSteeringNames } from "./steering_form";
import { QuickCreate } from "./quick_create";
import { Verification } from "./verification";

function Record({ customer, contactId }: { customer: Customer; contactId: string }) {
  const { t } = useWords();
  const client = useQueryClient();
  const mayEdit = useMay()("customers.edit");
  const [isEditing, setEditing] = useState(false);
  const { nameOf } = useSteeringNames(customer);
  const grade = `desk.value_${customer.value_grade}`;
  return (
    <div className="stack">
      <div className="row">
        <strong style={{ fontSize: "1.15em" }}>{customer.name}</strong>
        <span className="quiet digits">{customer.number}</span>
        <Tag>{isWord(grade) ? t(grade) : nameOf("value_grade")}</Tag>
        {customer.is_vip ? <Tag>{t("desk.is_vip")}</Tag> : null}
        {customer.since ? <span className="quiet">{t("desk.since", { date: customer.since.slice(0, 4) })}</span> : null}
      </div>
      <dl className="facts">
        <PhoneFact label={t("desk.steering")}>
          <SteeringFacts customer={customer} />{" "}
          {mayEdit ? (
            <Button size="small" onClick={() => setEditing(true)} data-testid="steer">
              {t("general.edit")}
            </Button>
          ) : null}
        </PhoneFact>
        {customer.phones.map((phone) => (
          <PhoneFact key={phone.id} label={phone.label || "☎"}>
            <MaskedPhone customerId={customer.id} phone={phone} reason={`desk:${contactId}`} />
          </PhoneFact>
        ))}
        {customer.addresses.map((address) => (
          <PhoneFact key={address.id} label={t("desk.address")}>
            {address.text}
            {address.meters.length > 0 ? (
              <div className="quiet digits">
                {t("desk.meter")} {address.meters.map((meter) => meter.number).join(", ")}
              </div>
            ) : null}
          </PhoneFact>
        ))}
        {customer.needs.length > 0 ? (
          <PhoneFact label={t("desk.needs")}>
            <strong>{customer.needs.join("; ")}</strong>
          </PhoneFact>
        ) : null}
      </dl>
      {isEditing ? (
        <SteeringDrawer
          customer={customer}
          onClose={() => setEditing(false)}
          onChanged={() => client.invalidateQueries({ queryKey: ["pop", contactId] })}
        />
      ) : null}
    </div>
  );
}

function PhoneFact({ label, children }: { label: string; children: React.ReactNode }) {
  return (
    <>
      <dt>{label}</dt>
      <dd>{children}</dd>
    </>
  );
}

/** `sender`: as a written contact names itself. `why`: what tells why this caller came here; it stands last, so that the panel's key leads to the customer. */
interface Props {
  contactId: string;
  pop: Pop;
  sender: string;
  why: ReactNode;
}

export function CustomerPanel({ contactId, pop, sender, why }: Props) {
  const { t } = useWords();
  const [mode, setMode] = useState<"shown" | "create" | "choose">(() =>
    !pop.customer && pop.candidates.length > 0 ? "choose" : "shown",
  );
  const back = () => setMode("shown");
  return (
    <section className="card" aria-label={t("desk.customer")} data-testid="customer">
      <div className="card-head">
        <h2>{t("desk.customer")}</h2>
        <SimulatedBadge isShown={pop.contact.is_simulated} />
      </div>
      {pop.customer && mode === "shown" ? <Record customer={pop.customer} contactId={contactId} /> : null}
      {mode === "shown" ? <Verification contactId={contactId} pop={pop} /> : null}
      {!pop.customer && mode === "shown" ? (
        <div className="row">
          <strong>{t(pop.contact.channel === "voice" ? "desk.unknown_customer" : "desk.unknown_writer")}</strong>{" "}
          <span>{sender}</span> <span className="digits">{pop.contact.caller}</span>
        </div>
      ) : null}
      {mode === "create" ? <QuickCreate contactId={contactId} sender={sender} onDone={back} /> : null}
      {mode === "choose" ? <ChooseCustomer contactId={contactId} candidates={pop.candidates} onDone={back} /> : null}
      {mode === "shown" ? (
        <div className="row" style={{ marginTop: 8 }}>
          {pop.customer ? null : (
            <Button type="primary" onClick={() => setMode("create")} data-testid="quick-create">
              {t("desk.quick_create")}
            </Button>
          )}
          <Button onClick={() => setMode("choose")}>{t("desk.link_customer")}</Button>
        </div>
      ) : null}
      {why}
    </section>
  );
}
