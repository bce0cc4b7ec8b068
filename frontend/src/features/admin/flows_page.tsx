import { lazy, Suspense } from "react";
import { Route, Routes } from "react-router";
import { Loading } from "@/shared/views";
import { ResourcePage } from "./resource_page";
import { FLOWS } from "./resources";

/** Drawing comes with its own library: only those who open a flow fetch it. */
const FlowEditor = lazy(() => import("./flow_editor").then((module) => ({ default: module.FlowEditor })));

export function FlowsPage() {
  return (
    <Routes>
      <Route index element={<ResourcePage resource={FLOWS} />} />
      <Route
        path=":flowId"
        element={
          <Suspense fallback={<Loading />}>
            <FlowEditor />
          </Suspense>
        }
      />
    </Routes>
  );
}
