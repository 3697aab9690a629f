import admin from "./admin.json";
import door from "./door.json";
import refusals from "./house-refusals.json";

export default { admin, door, refusals };
