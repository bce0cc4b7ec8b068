import { Route, Routes } from "react-router";
import { FlowEditor } from "./flow_editor";
import { ResourcePage } from "./resource_page";
import { FLOWS } from "./resources";

export function FlowsPage() {
  return (
    <Routes>
      <Route index element={<ResourcePage resource={FLOWS} />} />
      <Route path=":flowId" element={<FlowEditor />} />
    </Routes>
  );
}
