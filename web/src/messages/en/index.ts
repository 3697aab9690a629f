import bookings from "./bookings.json";
import checkout from "./checkout.json";
import common from "./common.json";
import home from "./home.json";
import profile from "./profile.json";
import refusals from "./refusals.json";
import search from "./search.json";
import seats from "./seats.json";
import session from "./session.json";
import show from "./show.json";
import wallet from "./wallet.json";

export default { bookings, checkout, common, home, profile, refusals, search, seats, session, show, wallet };
