import type { components } from "./schema";

/** What the API's document declares, by its short names: `Api["booking_view"]`. */
export type Api = components["schemas"];
