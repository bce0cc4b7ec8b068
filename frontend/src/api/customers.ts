import { answer, client, once, type Schemas } from "./client";

export type Customer = Schemas["CustomerOut"];
export type Phone = Schemas["PhoneOut"];
export type Subscription = Schemas["SubscriptionOut"];
export type NewSubscription = Schemas["NewSubscription"];
export type SubscriptionChange = Schemas["SubscriptionChange"];
export type NewCustomer = Schemas["NewCustomerIn"];

export const searchCustomers = (search: string) =>
  answer(client.GET("/api/v1/customers", { params: { query: { search } } }));
export const fetchCustomer = (customer_id: string) =>
  answer(client.GET("/api/v1/customers/{customer_id}", { params: { path: { customer_id } } }));
export type CustomerChange = Schemas["CustomerChange"];
export type SteeringChoice = Schemas["SteeringChoiceOut"];
export const fetchSteeringChoices = (tenant_id: string) =>
  answer(client.GET("/api/v1/customers/steering-choices", { params: { query: { tenant_id } } }));
export const changeCustomer = (customer_id: string, body: CustomerChange) =>
  answer(client.PATCH("/api/v1/customers/{customer_id}", { params: { path: { customer_id } }, body }));
export const createCustomer = (body: NewCustomer, key: string) =>
  answer(client.POST("/api/v1/customers", { body, ...once(key) }));
export const addSubscription = (customer_id: string, body: NewSubscription, key: string) =>
  answer(
    client.POST("/api/v1/customers/{customer_id}/subscriptions", {
      params: { path: { customer_id } },
      body,
      ...once(key),
    }),
  );
export const changeSubscription = (customer_id: string, subscription_id: string, body: SubscriptionChange) =>
  answer(
    client.PATCH("/api/v1/customers/{customer_id}/subscriptions/{subscription_id}", {
      params: { path: { customer_id, subscription_id } },
      body,
    }),
  );
export const revealServiceNumber = (customer_id: string, subscription_id: string, reason: string) =>
  answer(
    client.POST("/api/v1/customers/{customer_id}/subscriptions/{subscription_id}/reveal", {
      params: { path: { customer_id, subscription_id } },
      body: { reason },
    }),
  );
/** The whole number; who saw it and why is in the audit. */
export const revealPhone = (customer_id: string, phone_id: string, reason: string) =>
  answer(
    client.POST("/api/v1/customers/{customer_id}/phones/{phone_id}/reveal", {
      params: { path: { customer_id, phone_id } },
      body: { reason },
    }),
  );
