import i18next from "i18next";
import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { Application } from "@/app/application";
import "@/app/styles.css";
import { setDisplay } from "@/shared/display";
import { exposeToTests } from "@/shared/test_window";
import { setLanguage, startWords } from "@/words";

startWords();
exposeToTests({ words: i18next, setDisplay, setLanguage });
const root = document.getElementById("root");
if (!root) throw new Error("index.html has no #root");
createRoot(root).render(
  <StrictMode>
    <Application />
  </StrictMode>,
);
