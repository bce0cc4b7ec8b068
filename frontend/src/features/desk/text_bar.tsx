/** The written contact before the agent: how long it goes on, and what ends it or hands it on. It has no telephone. */
import { useQuery } from "@tanstack/react-query";
import type { ReactNode } from "react";
import type { ContactDocument, MeDocument } from "@/live/documents";
import { useDocument } from "@/live/hooks";
import { SimulatedBadge } from "@/shared/badges";
import { ChannelMark } from "@/shared/channel_mark";
import { Elapsed } from "@/shared/clocks";
import { clockText } from "@/shared/figures";
import { useWords } from "@/words";
import { EndButton, TransferButton } from "./contact_keys";
import { useContactName } from "./contact_name";
import { NextLevelButton } from "./funnel";
import { popQuery } from "./pop";
import { PromisedCallBacks } from "./promised_call_back";
import { Returned } from "./transfer_in_hand";

/** A call goes before: the customer of the interrupted one waits meanwhile. */
function OnHold({ sinceMs }: { sinceMs: number }) {
  const { t } = useWords();
  return (
    <strong role="status" data-testid="interrupted">
      {t("desk.interrupted")} <Elapsed sinceMs={sinceMs} />
    </strong>
  );
}

export function TextBar({ contact, extra }: { contact: ContactDocument; extra: ReactNode }) {
  const { t } = useWords();
  const me = useDocument<MeDocument>("me");
  const pop = useQuery(popQuery(contact.contact_id));
  const name = useContactName(contact);
  const isOff = me?.is_mirror ?? false;
  return (
    <section aria-label={t("desk.conversation")} data-testid="text-bar" data-contact-state={contact.state}>
      <Returned contact={contact} />
      <PromisedCallBacks contact={contact} isOff={isOff} />
      <div className="strip row">
        <ChannelMark channel={contact.channel} hasWord />
        <strong className="name">{name}</strong>
        {contact.held_since_ms ? (
          <OnHold sinceMs={contact.held_since_ms} />
        ) : (
          <Elapsed sinceMs={contact.connected_ms} />
        )}
        <SimulatedBadge isShown={contact.is_simulated} />
        <span className="quiet">
          {t("desk.waited")} {clockText(contact.wait_ms)}
        </span>
        <span className="grow" />
        <EndButton contact={contact} isOff={isOff} hasKey />
        <TransferButton contact={contact} tenantId={pop.data?.contact.tenant_id ?? ""} isOff={isOff} hasKey />
        <NextLevelButton contact={contact} isOff={isOff} />
        {extra}
      </div>
    </section>
  );
}
