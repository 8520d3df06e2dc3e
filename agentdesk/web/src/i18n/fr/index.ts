// The console's words in French, the first language, area by area. ../en has the same keys.
import admin from "./admin";
import desk from "./desk";
import floor from "./floor";
import frame from "./frame";
import out from "./out";
import reports from "./reports";
import settings from "./settings";
import sign from "./sign";
import talk from "./talk";
import work from "./work";

const fr = {
  ...frame,
  ...sign,
  ...desk,
  ...talk,
  ...work,
  ...out,
  ...floor,
  ...reports,
  ...settings,
  ...admin,
};

export default fr;
