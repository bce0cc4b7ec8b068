import { EyeOutlined } from "@ant-design/icons";
import { Button } from "antd";
import { useState } from "react";
import { revealPhone, type Phone } from "@/api/customers";
import { useWords } from "@/words";
import { useNotices } from "./notices";
import { useMay } from "./session";

/** A phone number, masked until it is asked for; asking is audited. */
export function MaskedPhone({ customerId, phone, reason }: { customerId: string; phone: Phone; reason: string }) {
  const { t } = useWords();
  const may = useMay();
  const { bad } = useNotices();
  const [number, setNumber] = useState<string | null>(null);
  const show = () => {
    revealPhone(customerId, phone.id, reason)
      .then((answer) => setNumber(answer.number))
      .catch(bad);
  };
  return (
    <span className="digits">
      {number ?? phone.masked}{" "}
      {number === null && may("customers.reveal_phone") ? (
        <Button size="small" type="link" icon={<EyeOutlined aria-hidden />} onClick={show}>
          {t("general.show")}
        </Button>
      ) : null}
    </span>
  );
}
