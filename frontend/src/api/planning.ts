import { answer, client, once, type Schemas } from "./client";
import { request } from "./http";

export type ForecastBrief = Schemas["ForecastBrief"];
export type Forecast = Schemas["ForecastOut"];
export type ForecastSeries = Schemas["ForecastSeriesOut"];
export type ForecastPart = Schemas["ForecastPartOut"];
export type ForecastCurve = Schemas["ForecastCurveOut"];
export type ForecastHorizon = Schemas["ForecastHorizonErrors"];
export type ForecastAccuracy = Schemas["ForecastAccuracyRow"];
export type ForecastPartAccuracy = Schemas["ForecastPartAccuracyRow"];
export type ForecastChange = Schemas["ForecastChangeOut"];
export type ForecastQuestion = Schemas["ForecastIn"];
export type ForecastChangeWish = Schemas["ForecastChangeIn"];

export type StaffingBrief = Schemas["StaffingBrief"];
export type Staffing = Schemas["StaffingOut"];
export type StaffingQuestion = Schemas["StaffingIn"];
export type StaffingCurve = Schemas["StaffingCurveOut"];
export type StaffingHeadcount = Schemas["StaffingHeadcount"];
export type StaffingQueue = Schemas["StaffingQueueOut"];
export type StaffingSkill = Schemas["StaffingSkillOut"];
export type StaffingPart = Schemas["StaffingPart"];
export type StaffingBasis = Schemas["StaffingBasis"];
export type StaffingGroup = Schemas["StaffingGroup"];
export type StaffingGroupOut = Schemas["StaffingGroupOut"];
export type StaffingWay = Schemas["StaffingWay"];
export type StaffingFigures = Schemas["StaffingFigures"];
export type StaffingWorkIn = Schemas["StaffingWorkIn"];

export const fetchForecasts = (tenant_id: string | undefined, cursor?: string) =>
  answer(client.GET("/api/v1/workforce/forecasts", { params: { query: { tenant_id, cursor } } }));
export const fetchForecast = (forecast_id: string) =>
  answer(client.GET("/api/v1/workforce/forecasts/{forecast_id}", { params: { path: { forecast_id } } }));
export const askForecast = (body: ForecastQuestion, key: string) =>
  answer(client.POST("/api/v1/workforce/forecasts", { body, ...once(key) }));
export const askForecastFromFile = (details: ForecastQuestion, file: File) => {
  const body = new FormData();
  body.append("details", JSON.stringify(details));
  body.append("file", file);
  return request<Forecast>("POST", "/api/v1/workforce/forecasts/from-file", { body });
};
export interface ForecastChoice {
  queue_id?: string;
  brand?: string;
  channel?: string;
  site?: string;
  day?: string;
}
export const fetchForecastCurve = (forecast_id: string, query: ForecastChoice) =>
  answer(client.GET("/api/v1/workforce/forecasts/{forecast_id}/curve", { params: { path: { forecast_id }, query } }));
export const fetchForecastPartAccuracy = (forecast_id: string) =>
  answer(client.GET("/api/v1/workforce/forecasts/{forecast_id}/part-accuracy", { params: { path: { forecast_id } } }));
export const fetchForecastAccuracy = (forecast_id: string) =>
  answer(client.GET("/api/v1/workforce/forecasts/{forecast_id}/accuracy", { params: { path: { forecast_id } } }));
export const acceptForecast = ({ id, version }: ForecastBrief) =>
  answer(
    client.POST("/api/v1/workforce/forecasts/{forecast_id}/accept", {
      params: { path: { forecast_id: id } },
      body: { version },
    }),
  );
export const changeForecast = (forecast_id: string, body: ForecastChangeWish) =>
  answer(client.POST("/api/v1/workforce/forecasts/{forecast_id}/changes", { params: { path: { forecast_id } }, body }));
export const withdrawForecastChange = ({ id, version }: Forecast, change_id: string) =>
  answer(
    client.POST("/api/v1/workforce/forecasts/{forecast_id}/changes/{change_id}/withdraw", {
      params: { path: { forecast_id: id, change_id } },
      body: { version },
    }),
  );
export const forecastFile = (forecast_id: string, by?: ForecastPart["by"]) =>
  `/api/v1/workforce/forecasts/${forecast_id}/export.csv${by ? `?by=${by}` : ""}`;

export const fetchStaffings = (tenant_id: string | undefined, cursor?: string) =>
  answer(client.GET("/api/v1/workforce/staffing-plans", { params: { query: { tenant_id, cursor } } }));
export const fetchStaffing = (plan_id: string) =>
  answer(client.GET("/api/v1/workforce/staffing-plans/{plan_id}", { params: { path: { plan_id } } }));
export const fetchStaffingBasis = (query: {
  forecast_id: string;
  first_day: string;
  last_day: string;
  interval_min: number;
}) => answer(client.GET("/api/v1/workforce/staffing-basis", { params: { query } }));
export const askStaffing = (body: StaffingQuestion, key: string) =>
  answer(client.POST("/api/v1/workforce/staffing-plans", { body, ...once(key) }));
export const fetchStaffingCurve = (plan_id: string, query: { queue?: string; day?: string }) =>
  answer(client.GET("/api/v1/workforce/staffing-plans/{plan_id}/curve", { params: { path: { plan_id }, query } }));
export const staffingFile = (plan_id: string) => `/api/v1/workforce/staffing-plans/${plan_id}/export.csv`;
