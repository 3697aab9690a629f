import type en from "./en";
import type enHouse from "./en/house";

/** Languages the app speaks (BCP 47); prices and times follow the country. */
export const languages = { en: { name: "English", locale: "en-IN" }, hi: { name: "हिन्दी", locale: "hi-IN" } } as const;
export type Language = keyof typeof languages;

export type Messages = typeof en;
export type HouseMessages = typeof enHouse;

/** What people who book read. */
export const load: Record<Language, () => Promise<{ default: Messages }>> = {
  en: () => import("./en"),
  hi: () => import("./hi"),
};

/** What those read who run the house: admins and door staff. Loaded with their pages alone. */
export const loadHouse: Record<Language, () => Promise<{ default: HouseMessages }>> = {
  en: () => import("./en/house"),
  hi: () => import("./hi/house"),
};

declare module "use-intl" {
  interface AppConfig {
    Messages: Messages & HouseMessages;
    Locale: (typeof languages)[Language]["locale"];
  }
}
