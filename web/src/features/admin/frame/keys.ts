import { ownKey } from "@/features/session/session";

/** Every query of the house begins with this key; it is forgotten with the session. */
export const houseKey = [ownKey, "house"] as const;
