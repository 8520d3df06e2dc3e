// The same words in English.
import type fr from "../fr";
import type { Same } from "../same";
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

const en: Same<typeof fr> = {
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

export default en;
