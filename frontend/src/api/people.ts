/** Users, roles, tenants and the audit: what administrators look after. */
import { answer, client, once, type Schemas } from "./client";
import type { paths } from "./schema";

export type User = Schemas["UserOut"];
export type NewUser = Schemas["UserIn"];
export type RoleGrant = Schemas["RoleIn"];
export type Tenant = Schemas["TenantOut"];
export type AuditLine = Schemas["AuditLine"];
export type AuditFilter = NonNullable<paths["/api/v1/audit"]["get"]["parameters"]["query"]>;

const of = (user_id: string) => ({ params: { path: { user_id } } });

export const fetchUsers = (search: string, cursor?: string) =>
  answer(client.GET("/api/v1/users", { params: { query: { search, cursor, limit: 100 } } }));
export const createUser = (body: NewUser, key: string) => answer(client.POST("/api/v1/users", { body, ...once(key) }));
export const changeUser = (id: string, body: Schemas["UserChange"]) =>
  answer(client.PATCH("/api/v1/users/{user_id}", { ...of(id), body }));
export const setRoles = (id: string, body: RoleGrant[]) =>
  answer(client.PUT("/api/v1/users/{user_id}/roles", { ...of(id), body }));
export const setPassword = (id: string, password: string) =>
  answer(client.POST("/api/v1/users/{user_id}/password", { ...of(id), body: { password } }));
export const unlockUser = (id: string) => answer(client.POST("/api/v1/users/{user_id}/unlock", of(id)));
export const removeSecondFactor = (id: string) =>
  answer(client.DELETE("/api/v1/users/{user_id}/second-factor", of(id)));
export const fetchRoles = () => answer(client.GET("/api/v1/roles"));

export const fetchTenants = () => answer(client.GET("/api/v1/tenants"));
export const createTenant = (body: Schemas["TenantIn"], key: string) =>
  answer(client.POST("/api/v1/tenants", { body, ...once(key) }));
export const changeTenant = (tenant_id: string, body: Schemas["TenantChange"]) =>
  answer(client.PATCH("/api/v1/tenants/{tenant_id}", { params: { path: { tenant_id } }, body }));

export const fetchAudit = (query: AuditFilter) => answer(client.GET("/api/v1/audit", { params: { query } }));
export const verifyAudit = () => answer(client.POST("/api/v1/audit/verify"));
