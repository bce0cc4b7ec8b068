import { EyeOutlined } from "@ant-design/icons";
import { Button } from "antd";
import { useState } from "react";
import { useWords } from "@/words";
import { useNotices } from "./notices";
import { useMay } from "./session";

interface Props {
  masked: string;
  /** Asks the server for the whole number; it writes down who asked and why. */
  reveal: () => Promise<{ number: string }>;
}

/** A number, masked until it is asked for; asking is audited. */
export function MaskedNumber({ masked, reveal }: Props) {
  const { t } = useWords();
  const may = useMay();
  const { bad } = useNotices();
  const [number, setNumber] = useState<string | null>(null);
  const show = () => {
    reveal()
      .then((answer) => setNumber(answer.number))
      .catch(bad);
  };
  return (
    <span className="digits">
      {number ?? masked}{" "}
      {number === null && may("customers.reveal_phone") ? (
        <Button size="small" type="link" icon={<EyeOutlined aria-hidden />} onClick={show}>
          {t("general.show")}
        </Button>
      ) : null}
    </span>
  );
}
