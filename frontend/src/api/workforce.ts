import { answer, client, once, type Schemas } from "./client";
import type { paths } from "./schema";

export type Membership = Schemas["MembershipOut"];
export type Application = Schemas["ApplicationIn"];
export type MembershipFilter = NonNullable<
  paths["/api/v1/workforce/rotation-memberships"]["get"]["parameters"]["query"]
>;
export type Decision = Schemas["DecisionIn"]["decision"];

export const fetchOpenRotations = () => answer(client.GET("/api/v1/workforce/open-rotations"));
export type OpenRotation = Awaited<ReturnType<typeof fetchOpenRotations>>[number];
export const fetchMyRotations = () => answer(client.GET("/api/v1/workforce/my-rotations"));
export const applyToRotation = (body: Application, key: string) =>
  answer(client.POST("/api/v1/workforce/my-rotations", { body, ...once(key) }));
export const withdrawApplication = ({ id, version }: Membership) =>
  answer(
    client.POST("/api/v1/workforce/my-rotations/{membership_id}/withdraw", {
      params: { path: { membership_id: id } },
      body: { version },
    }),
  );
export const fetchMyReasons = (membership_id: string) =>
  answer(client.GET("/api/v1/workforce/my-rotations/{membership_id}/reasons", { params: { path: { membership_id } } }));
export const fetchMemberships = (query: MembershipFilter) =>
  answer(client.GET("/api/v1/workforce/rotation-memberships", { params: { query } }));
export const fetchReasons = (membership_id: string) =>
  answer(
    client.GET("/api/v1/workforce/rotation-memberships/{membership_id}/reasons", {
      params: { path: { membership_id } },
    }),
  );
export const decideOnMembership = ({ id, version }: Membership, decision: Decision, text: string) =>
  answer(
    client.POST("/api/v1/workforce/rotation-memberships/{membership_id}/decisions", {
      params: { path: { membership_id: id } },
      body: { version, decision, text },
    }),
  );
