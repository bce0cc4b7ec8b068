/** The public pages without log-in: a chat at /chat/<key>, a web form at /form/<key>. A light bundle of their own. */
import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { fetchChatPage, fetchFormPage } from "./api";
import { ChatPage } from "./chat_page";
import { FormPage } from "./form_page";
import { Page } from "./page";
import "./visitor.css";

const [, kind = "", key = ""] = location.pathname.split("/").map(decodeURIComponent);
const isForm = kind === "form";
const root = document.getElementById("root");
if (!root) throw new Error("visitor.html has no #root");
createRoot(root).render(
  <StrictMode>
    <Page pageKey={key} fetchPage={isForm ? fetchFormPage : fetchChatPage} screen={isForm ? FormPage : ChatPage} />
  </StrictMode>,
);
