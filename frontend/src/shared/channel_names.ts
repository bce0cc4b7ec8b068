/** The channels by which people come, in the words of the screens. */
import type { Channel } from "@/live/documents";
import type { WordKey } from "@/words";

export const CHANNEL_NAMES: Record<Channel, WordKey> = {
  voice: "admin.channel_voice",
  sms: "admin.channel_sms",
  chat: "admin.channel_chat",
  email: "admin.channel_email",
  letter: "admin.channel_letter",
  counter: "admin.channel_counter",
  form: "admin.channel_form",
};
