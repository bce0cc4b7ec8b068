/** The channel of a contact: a sign with its word for who cannot see it. */
import {
  FileTextOutlined,
  FormOutlined,
  MailOutlined,
  MessageOutlined,
  MobileOutlined,
  PhoneOutlined,
  ShopOutlined,
} from "@ant-design/icons";
import type { ReactNode } from "react";
import type { Channel } from "@/live/documents";
import { useWords } from "@/words";
import { CHANNEL_NAMES } from "./channel_names";

const ICONS: Record<Channel, ReactNode> = {
  voice: <PhoneOutlined aria-hidden />,
  sms: <MobileOutlined aria-hidden />,
  chat: <MessageOutlined aria-hidden />,
  email: <MailOutlined aria-hidden />,
  letter: <FileTextOutlined aria-hidden />,
  counter: <ShopOutlined aria-hidden />,
  form: <FormOutlined aria-hidden />,
};

export function ChannelMark({ channel, hasWord = false }: { channel: Channel; hasWord?: boolean }) {
  const { t } = useWords();
  const word = t(CHANNEL_NAMES[channel]);
  return (
    <span className="channel-mark" title={word} data-channel={channel}>
      {ICONS[channel]}
      <span className={hasWord ? undefined : "only-read"}>{word}</span>
    </span>
  );
}
