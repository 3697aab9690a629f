import admin from "./admin.json";
import door from "./door.json";

export default { admin, door };
