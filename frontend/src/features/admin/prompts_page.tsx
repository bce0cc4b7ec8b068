/** Prompts, and their voices: one recording per language, uploaded as WAV. */
import { Button, Upload } from "antd";
import { useQueryClient } from "@tanstack/react-query";
import { request } from "@/api/http";
import type { SetupRecord } from "@/api/setup";
import { useNotices } from "@/shared/notices";
import { useWords } from "@/words";
import { ResourcePage } from "./resource_page";
import { PROMPTS } from "./resources";

interface PromptRecording {
  language: string;
  duration_ms: number;
}

function Voice({ prompt, language }: { prompt: SetupRecord; language: "zh" | "en" }) {
  const { t } = useWords();
  const { good, bad } = useNotices();
  const client = useQueryClient();
  const path = `/api/v1/admin/prompts/${prompt.id}/recordings`;
  const recordings = (prompt.recordings ?? []) as PromptRecording[];
  const own = recordings.find((recording) => recording.language === language);
  const renew = () => client.invalidateQueries({ queryKey: ["setup", "prompts"] });
  const upload = async (file: File) => {
    const body = new FormData();
    body.set("language", language);
    body.set("file", file);
    try {
      await request("POST", path, { body });
      good(t("admin.uploaded"));
      await renew();
    } catch (error) {
      bad(error);
    }
  };
  const remove = () => {
    request("DELETE", `${path}/${language}`).then(renew).catch(bad);
  };
  return (
    <span className="row" style={{ flexWrap: "nowrap" }}>
      {own ? (
        <>
          <audio controls preload="none" src={`${path}/${language}/audio`} style={{ height: 28, width: 180 }} />
          <Button size="small" danger onClick={remove}>
            {t("general.remove")} {language}
          </Button>
        </>
      ) : null}
      <Upload
        accept=".wav,audio/wav"
        showUploadList={false}
        beforeUpload={(file) => {
          void upload(file);
          return false;
        }}
      >
        <Button size="small" title={t("admin.upload_hint")}>
          {t("admin.upload")} {language}
        </Button>
      </Upload>
    </span>
  );
}

export function PromptsPage() {
  return (
    <ResourcePage
      resource={PROMPTS}
      extra={(record) => (
        <>
          <Voice prompt={record} language="zh" />
          <Voice prompt={record} language="en" />
        </>
      )}
    />
  );
}
