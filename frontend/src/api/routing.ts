import { answer, client, type Schemas } from "./client";

export type RoutingVersion = Schemas["RoutingVersionOut"];
export type RoutingChange = Schemas["RoutingChangeOut"];
export type Funnel = Schemas["FunnelOut"];
export type FunnelReport = Schemas["FunnelReportOut"];
export type AttributeReport = Schemas["AttributeReportOut"];
export type ProductLineReport = Schemas["ProductLineReportOut"];
export type AttributeRow = Schemas["AttributeRowOut"];
export type Pool = Schemas["PoolOut"];
export type PoolChange = Schemas["PoolChange"];
export type AttributeKind = AttributeReport["by"];
interface Days {
  first_day: string;
  last_day: string;
}

export const fetchVersions = (tenant_id: string | undefined, cursor?: string) =>
  answer(client.GET("/api/v1/admin/routing/versions", { params: { query: { tenant_id, cursor } } }));
export const fetchVersionDifference = (number: number, tenant_id: string | undefined) =>
  answer(
    client.GET("/api/v1/admin/routing/versions/{number}/difference", {
      params: { path: { number }, query: { tenant_id } },
    }),
  );
export const restoreVersion = (number: number, tenant_id: string | undefined) =>
  answer(
    client.POST("/api/v1/admin/routing/versions/{number}/restore", {
      params: { path: { number }, query: { tenant_id } },
    }),
  );
export const fetchFunnel = () => answer(client.GET("/api/v1/desk/funnel"));
export const fetchFunnelReport = (query: Days) => answer(client.GET("/api/v1/reports/funnel", { params: { query } }));
export const fetchAttributeReport = (by: AttributeKind, days: Days) =>
  answer(client.GET("/api/v1/reports/attributes", { params: { query: { by, ...days } } }));
export const fetchProductLineReport = (query: Days) =>
  answer(client.GET("/api/v1/reports/product-lines", { params: { query } }));
export const fetchPool = () => answer(client.GET("/api/v1/admin/routing/pool"));
export const changePool = (body: PoolChange) => answer(client.PUT("/api/v1/admin/routing/pool", { body }));
export const fetchGradeSuggestion = (query: { difficulty: number; frequency: number; risk: number }) =>
  answer(client.GET("/api/v1/admin/grade-suggestion", { params: { query } }));

export type OfferedPool = Schemas["OfferedPoolOut"];
export const fetchOfferedPools = () => answer(client.GET("/api/v1/admin/offered-pools"));
